/** Messages as banks and companies send them, checked against the schemas of ISO 20022. */
import type { CreditTransferFile } from '../index.ts'

export const nettingFile: CreditTransferFile = {
  messageId: 'NET-2026-03-01-1',
  createdAtMs: Date.UTC(2026, 2, 1, 12),
  initiator: 'Busbar Exchange',
  currency: 'EUR',
  payments: [
    {
      paymentId: 'NET-2026-03-01-1-4',
      executionDate: '2026-03-02',
      debtorName: 'Retailer A',
      debtorAccount: 'DE89370400440532013000',
      transfers: [
        {
          endToEndId: 'NET-2026-03-01-1-4-5',
          amountMicros: 1_234_560_000n,
          creditorName: 'Retailer B & Sons'.replace('&', '+'),
          creditorAccount: 'FR1420041010050500013M02606',
          remittance: 'Net of energy trades until 2026-03-01',
        },
        {
          endToEndId: 'NET-2026-03-01-1-4-6',
          amountMicros: 10_000n,
          creditorName: 'Retailer C',
          creditorAccount: '0012-345/67',
          remittance: 'Net of energy trades until 2026-03-01',
        },
      ],
    },
  ],
}

export const nettingXml = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>NET-2026-03-01-1</MsgId><CreDtTm>2026-03-01T12:00:00.000Z</CreDtTm>
<NbOfTxs>2</NbOfTxs><CtrlSum>1234.57</CtrlSum><InitgPty><Nm>Busbar Exchange</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>NET-2026-03-01-1-4</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>
<NbOfTxs>2</NbOfTxs><CtrlSum>1234.57</CtrlSum><ReqdExctnDt><Dt>2026-03-02</Dt></ReqdExctnDt>
<Dbtr><Nm>Retailer A</Nm></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>
<CdtTrfTxInf><PmtId><EndToEndId>NET-2026-03-01-1-4-5</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">1234.56</InstdAmt></Amt><Cdtr><Nm>Retailer B + Sons</Nm></Cdtr>
<CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct>
<RmtInf><Ustrd>Net of energy trades until 2026-03-01</Ustrd></RmtInf></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>NET-2026-03-01-1-4-6</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">0.01</InstdAmt></Amt><Cdtr><Nm>Retailer C</Nm></Cdtr>
<CdtrAcct><Id><Othr><Id>0012-345/67</Id></Othr></Id></CdtrAcct>
<RmtInf><Ustrd>Net of energy trades until 2026-03-01</Ustrd></RmtInf></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>
`

const bankCode =
  '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>'

/** A debit, a batch, a transfer that came back, and a credit that was taken back. */
export const notificationXml = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">
 <BkToCstmrDbtCdtNtfctn>
  <GrpHdr><MsgId>N-77</MsgId><CreDtTm>2026-03-02T09:30:00+01:00</CreDtTm>
   <MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr>
  <Ntfctn><Id>N-77-1</Id><CreDtTm>2026-03-02T09:30:00</CreDtTm>
   <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
   <Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">1234.56</Amt><CdtDbtInd>DBIT</CdtDbtInd>
    <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>B-1</AcctSvcrRef>
    ${bankCode}
    <NtryDtls><TxDtls>
     <Refs><MsgId>NET-2026-03-01-1</MsgId><AcctSvcrRef>B-1</AcctSvcrRef>
      <PmtInfId>NET-2026-03-01-1-4</PmtInfId><EndToEndId>NET-2026-03-01-1-4-5</EndToEndId></Refs>
     <Amt Ccy="EUR">1234.56</Amt><CdtDbtInd>DBIT</CdtDbtInd>
     <RltdPties><Cdtr><Pty><Nm>Retailer B</Nm></Pty></Cdtr>
      <CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct></RltdPties>
     <RmtInf><Ustrd>Net of energy</Ustrd><Ustrd>trades</Ustrd></RmtInf>
    </TxDtls></NtryDtls></Ntry>
   <Ntry><NtryRef>2</NtryRef><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
    <Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-03-02T09:29:00</DtTm></BookgDt>
    ${bankCode}
    <NtryDtls><Btch><MsgId>M-2</MsgId><PmtInfId>P-2</PmtInfId><NbOfTxs>2</NbOfTxs>
      <TtlAmt Ccy="EUR">30</TtlAmt><CdtDbtInd>DBIT</CdtDbtInd></Btch>
     <TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs><Amt Ccy="EUR">10.005</Amt>
      <CdtDbtInd>DBIT</CdtDbtInd></TxDtls>
     <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">19.995</Amt>
      <CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls></Ntry>
   <Ntry><NtryRef>3</NtryRef><Amt Ccy="EUR">0.01</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <Sts><Cd>BOOK</Cd></Sts>${bankCode}
    <NtryDtls><TxDtls><Refs><EndToEndId>NET-2026-03-01-1-4-6</EndToEndId></Refs>
     <Amt Ccy="EUR">0.01</Amt><CdtDbtInd>CRDT</CdtDbtInd>
     <RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
   <Ntry><NtryRef>4</NtryRef><Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd>
    <RvslInd>true</RvslInd><Sts><Cd>PDNG</Cd></Sts>${bankCode}
    <NtryDtls><TxDtls><Refs><EndToEndId>E-9</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
  </Ntfctn>
 </BkToCstmrDbtCdtNtfctn>
</Document>
`

/** With a prefix, balances, a debit balance at first and a pending line that does not count. */
export const statementXml = `<?xml version="1.0" encoding="UTF-8"?>
<s:Document xmlns:s="urn:iso:std:iso:20022:tech:xsd:camt.053.001.13">
 <s:BkToCstmrStmt>
  <s:GrpHdr><s:MsgId>S-1</s:MsgId><s:CreDtTm>2026-03-02T23:59:00Z</s:CreDtTm></s:GrpHdr>
  <s:Stmt><s:Id>S-1-1</s:Id>
   <s:Acct><s:Id><s:Othr><s:Id>0012-345/67</s:Id></s:Othr></s:Id></s:Acct>
   <s:Bal><s:Tp><s:CdOrPrtry><s:Cd>OPBD</s:Cd></s:CdOrPrtry></s:Tp><s:Amt Ccy="EUR">2.50</s:Amt>
    <s:CdtDbtInd>DBIT</s:CdtDbtInd><s:Dt><s:Dt>2026-03-02</s:Dt></s:Dt></s:Bal>
   <s:Bal><s:Tp><s:CdOrPrtry><s:Cd>CLBD</s:Cd></s:CdOrPrtry></s:Tp><s:Amt Ccy="EUR">7.50</s:Amt>
    <s:CdtDbtInd>CRDT</s:CdtDbtInd><s:Dt><s:Dt>2026-03-02</s:Dt></s:Dt></s:Bal>
   <s:Ntry><s:Amt Ccy="EUR">10</s:Amt>
   <s:CdtDbtInd>CRDT</s:CdtDbtInd><s:Sts><s:Cd>BOOK</s:Cd></s:Sts>
    ${bankCode.replaceAll(/<(\/?)/g, '<$1s:')}</s:Ntry>
   <s:Ntry><s:Amt Ccy="EUR">99</s:Amt>
   <s:CdtDbtInd>CRDT</s:CdtDbtInd><s:Sts><s:Cd>PDNG</s:Cd></s:Sts>
    ${bankCode.replaceAll(/<(\/?)/g, '<$1s:')}</s:Ntry>
  </s:Stmt>
 </s:BkToCstmrStmt>
</s:Document>
`
