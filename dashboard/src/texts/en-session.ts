/** Signing in, signing, and what belongs to an account. */
export const enSession = {
  'app.signIn': 'Sign in',
  'app.signOut': 'Sign out',
  'app.more': 'More',
  'app.allPages': 'All pages',
  'page.account': 'Account',

  'role.operator': 'operator',
  'role.authority': 'authority',
  'role.prosumer': 'household',
  'role.trader': 'trader',
  'role.retailer': 'retailer',
  'role.aggregator': 'aggregator',
  'role.distribution-utility': 'grid operator',
  'role.balancing-authority': 'balancing authority',
  'role.bank': 'bank',
  'role.auditor': 'auditor',
  'role.prover': 'prover',

  'state.signIn': 'This page shows what only its owner may see.',
  'state.signIn.next':
    'Sign in with the passkey of your phone or computer. Who has none yet gets an invitation ' +
    'from their retailer.',
  'state.notYours': 'This page is for others.',
  'state.notYours.next': 'It is for: {roles}. Your account is none of these.',

  'signin.title': 'Sign in',
  'signin.hint':
    'With a passkey: your device asks for your finger, your face or your code. There is no ' +
    'password that could be stolen.',
  'signin.known': 'On this device',
  'signin.first': 'Your passkey',
  'signin.any': 'Sign in with a passkey',
  'signin.as': 'Sign in as {name}',
  'signin.forget': 'Forget {name} on this device',
  'signin.another': 'With another passkey',
  'signin.another.hint':
    'It may be on your phone, on a security key, or new to this browser: your device then asks ' +
    'twice, first whose it is, then to sign.',
  'signin.none': 'No passkey yet?',
  'signin.none.next':
    'Your retailer sends you a link that makes one, and whoever runs the market does so for ' +
    'everybody else. Reading the market needs none.',
  'signin.company': 'Companies',
  'signin.company.with': 'Sign in with {label}',
  'signin.company.hint':
    'You sign in where you work, and read what your company lets you. Signing needs a passkey of ' +
    'the account.',
  'signin.company.sign_in_refused':
    'The provider’s answer could not be believed, or came too late. Try again.',
  'signin.company.sign_in_unknown':
    'The provider knows you, and no account of this market has named you or a group of yours.',
  'signin.company.network_foreign': 'Your company lets you in from its own network alone.',
  'signin.company.any': 'The provider could not be reached. Try again in a moment.',
  'signin.word': 'With a signed credential',
  'signin.word.hint':
    'For whoever has a key in a file: “busbar key credential” makes one. It reads until it ends; ' +
    'signing needs a passkey or the command line.',
  'signin.word.label': 'Credential',
  'signin.word.send': 'Sign in with it',
  'signin.working': 'Your device is asking …',
  'signin.done': 'You are signed in as {name}.',
  'signin.failed': 'You are not signed in.',
  'signin.code.credential_invalid':
    'The exchange does not know this passkey, or no longer, or not yet: one that your retailer ' +
    'asked for waits for a day.',
  'signin.code.unexpected': 'Your device could not do it: {detail}',
  'signin.code.any': 'Code {code}: {detail}',
  'signin.refused': 'You said no, or it took too long. Nothing was sent.',
  'signin.otherMarket': 'This passkey is not one of this market.',
  'signin.noName':
    'Passkeys belong to a name. Open this page by its name instead of a bare address: on this ' +
    'machine that is {url}.',
  'signin.noPasskeys': 'This browser can hold no passkeys, or this page is not secure.',

  'join.title': 'Welcome to the market',
  'join.hint':
    'You were invited to an account. This device makes a passkey for it: your finger, your face ' +
    'or your code is all that you need from then on.',
  'join.none': 'This link holds no invitation.',
  'join.none.next':
    'It may have been cut off on its way: open it as a whole, or ask for another. Who has a ' +
    'passkey already signs in.',
  'join.over': 'This invitation counts no longer.',
  'join.over.next':
    'It was used, taken back, has ended, or is for pages under another name. Ask whoever gave it ' +
    'to you for a new one.',
  'join.as': 'Account {name}',
  'join.atOnce': 'The passkey speaks for the account at once.',
  'join.later':
    'The account has other keys already: this passkey speaks for it {hours} hours after it is ' +
    'made, so that its owner notices.',
  'join.make': 'Make a passkey on this device',
  'join.failed': 'You are not in yet.',
  'join.waits': 'Your passkey is made. It speaks for the account in {hours} hours.',
  'join.waits.next': 'Until then nothing is to be done. Afterwards, sign in with it.',
  'join.until': 'The invitation counts once, until {time}.',

  'account.title': 'Account',
  'account.who': '{name}, account {account}',
  'account.roles': 'Roles',
  'account.until': 'Signed in until',
  'account.key': 'Registered key',
  'account.address': 'Address on the chain',
  'account.retailer': 'Retailer',
  'account.signOut.failed':
    'The exchange could not be reached: this browser still keeps your session. Try again.',
  'choice.title': 'For which account?',
  'choice.hint':
    'Several accounts have named you, or your group. You read for one at a time, and can change ' +
    'to another on the page of your account.',
  'choice.as': 'Read for {name}',
  'choice.last': 'last time',
  'choice.over': 'There is nothing to choose any more. Sign in at your company again.',
  'choice.switch': 'Other accounts that have named you',
  'choice.switch.hint': 'Changing ends reading for this one. It lasts no longer than your sign-in.',
  'account.forget': 'Forget this device',
  'account.forget.what':
    'For a device that others use. Nothing changes at the exchange: your orders, your money and ' +
    'your notices stay as they are. In this browser this is gone for good:',
  'account.forget.orders.one':
    'What opens the {count} order that you placed here. This browser can no longer show what it ' +
    'was; what it brought stays in your statement.',
  'account.forget.orders.other':
    'What opens the {count} orders that you placed here. This browser can no longer show what ' +
    'they were; what they brought stays in your statement.',
  'account.forget.noOrders': 'Nothing of orders: none were placed here.',
  'account.forget.name': 'Your name on the page to sign in, and which notices you have read.',
  'account.forget.passkey':
    'Not the passkey itself: it lies in the device, and its settings take it out. If the device ' +
    'is not yours, take its word away below first.',
  'account.forget.unopened.one': '{count} of these orders is not opened yet.',
  'account.forget.unopened.other': '{count} of these orders are not opened yet.',
  'account.forget.reveal':
    'Only this browser can open them after their gate. If it forgets them they are void, and ' +
    'each costs its bond.',
  'account.forget.committee':
    'They will be opened and filled all the same. What they asked for you cannot show any more, ' +
    'should one be left out.',
  'account.forget.sure': 'Yes, forget and sign out',
  'account.forget.keep': 'Keep it',
  'account.forget.failed':
    'The browser did not let go of it: nothing was forgotten, and you are still signed in. Close ' +
    'other windows of this page, and try again.',
  'account.passkeys': 'Passkeys',
  'account.passkeys.hint':
    'Each of these devices signs for the account. Take the word away from one that you have ' +
    'lost, or do not know.',
  'account.passkeys.none': 'No device signs for this account yet.',
  'account.passkey.signs': 'signs',
  'account.passkey.from': 'signs from {time}',
  'account.passkey.by': 'asked for by account {account}',
  'account.passkey.own': 'asked for by yourself',
  'account.passkey.elsewhere': 'for pages at {host}',
  'account.passkey.tradesOnly': 'lets no money leave until you ask for it yourself',
  'account.passkey.since': 'here since {time}',
  'account.passkey.addedBy': 'added by {label}',
  'account.passkey.ends':
    'What it added lately ends with it, but for a device that you sign this with: {labels}.',
  'account.passkey.stays':
    'It also added {labels}, longer ago. Take that away too, if you do not know it.',
  'account.passkey.revoke': 'Take away',
  'account.passkey.revoke.sure': 'Yes, take it away',
  'account.passkey.revoked': 'It signs no more.',
  'account.passkey.add': 'Add a passkey',
  'account.passkey.add.hint':
    'On this device or another one. A second passkey is what helps when the first is lost.',
  'account.passkey.label': 'What you call the device',
  'account.passkey.label.rule': '1 to 32 of a-z, 0-9 and -',
  'account.passkey.added': 'It signs from now on.',

  'account.grants': 'Who reads for you',
  'account.grants.hint':
    'Programs and people that see what you see, and can do nothing. End what you do not know, or ' +
    'need no more. “busbar key” lets certificates and a company’s sign-in in as well.',
  'account.grants.none': 'Nobody reads for you.',
  'account.grant.api_key': 'by an API key',
  'account.grant.certificate': 'by a certificate',
  'account.grant.sign_in': 'by a company’s sign-in',
  'account.grant.scope.read': 'reads',
  'account.grant.scope.prove': 'proves',
  'account.grant.from': 'from {from} alone',
  'account.grant.never': 'never used',
  'account.grant.used': 'last used {time}',
  'account.grant.status.active': 'until {until}',
  'account.grant.status.revoked': 'ended',
  'account.grant.status.suspended': 'ended with a suspension',
  'account.grant.status.key_replaced': 'its key signs no more',
  'account.grant.status.expired': 'over since {until}',
  'account.grant.revoke': 'End it',
  'account.grant.revoke.sure': 'Yes, end it',
  'account.grant.revoked': 'It reads no more.',
  'account.grant.new': 'A new API key',
  'account.grant.new.hint':
    'For a program that reads what you read: your bills, readings and trades. It can place ' +
    'nothing and move no money.',
  'account.grant.label': 'What you call it',
  'account.grant.days': 'It counts for',
  'account.grant.days.count': '{count} days',
  'account.grant.make': 'Sign and make the key',
  'account.grant.made': 'The key {label} counts.',
  'account.grant.made.next':
    'Until {until}. Keep it now: it is not shown again. A program sends it as the header ' +
    '“Authorization: Bearer”.',
  'account.grant.api_key.once': 'The key',

  'act.asking': 'Your device is asking …',
  'act.sending': 'Signed. It is on its way …',
  'act.done': 'Done.',
  'act.refused': 'Nothing was signed.',
  'act.refused.next':
    'You said no, your device has no passkey of this account, or it took too long.',
  'act.noPasskey': 'No passkey here can sign for this account.',
  'act.noPasskey.next': 'Add one to the account, from a device that has one.',
  'act.failed': 'The exchange did not take it.',
  'act.failed.next': '{detail} Nothing was changed.',
  'act.unknown.next':
    '{detail} Whether it arrived is not known: sending the same again has its effect once.',
  'act.again': 'Send the same again',
} as const
