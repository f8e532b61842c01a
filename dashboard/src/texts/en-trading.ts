/** What a household trades: its orders, contracts and offers. */
export const enTrading = {
  'page.trading': 'Trading',
  'trading.title': 'Buying and selling',

  'order.title': 'An order in the auction',
  'order.hint.sealed':
    'Sealed on this device: nobody, the exchange included, can read it before its gate has closed.',
  'order.hint.open': 'The exchange reads it as it comes; other traders never do.',
  'order.side': 'Which side',
  'order.buy': 'Buy',
  'order.sell': 'Sell',
  'order.interval': 'For the interval',
  'order.energy': 'How much',
  'order.limit.buy': 'Pay at most, for a kilowatt-hour',
  'order.limit.sell': 'Take at least, for a kilowatt-hour',
  'order.wrong.energy': 'Energy is written as 200 Wh or 0.2 kWh, at most {most}.',
  'order.wrong.price': 'A price is from {min} to {max}, in steps of {tick}.',
  'order.aside':
    'Set aside until it is settled: {aside}, what any order of your meter could cost at ' +
    'most. You ' +
    'have {available} free.',
  'order.aside.open':
    'What it can cost at most is set aside until it is settled. You have {available} ' +
    'free.',
  'order.place': 'Sign and place',
  'order.done': 'Your order is placed. It stands below, and says by itself how far it is.',
  'order.meter': 'For your meter {meter}.',

  'orders.title': 'Your orders',
  'orders.empty': 'No order was placed from this device yet.',
  'orders.hint':
    'Orders of this device. What opens a sealed order is kept here and nowhere else; what all of ' +
    'them moved stands under “Why this cent?”.',
  'orders.buy': 'Buy {energy} for up to {limit}',
  'orders.sell': 'Sell {energy} from {limit}',
  'orders.track': 'How far it is',
  'orders.step.placed': 'Placed',
  'orders.step.filled': 'Filled',
  'orders.step.delivered': 'Delivered',
  'orders.step.paid': 'Paid',
  'orders.stage.void': 'Void',
  'orders.stage.unfilled': 'Not filled',
  'orders.filled': '{energy} filled at {price}.',
  'orders.paid': 'Its interval came to {net}.',
  'orders.cancel': 'Take it back',
  'orders.cancelled': 'It is taken back.',
  'orders.reveal': 'Open it now',
  'orders.void.cancelled': 'It was taken back.',
  'orders.void.suspended': 'The account was suspended at the gate.',
  'orders.void.not_opened': 'Nobody could open it.',
  'orders.void.mismatch': 'Its opening is not that of its commitment.',
  'orders.void.meter_foreign': 'The meter is somebody else’s.',
  'orders.void.energy_exceeded': 'It was for more energy than an order may have.',
  'orders.void.capacity_exceeded': 'It was for more than the connection of the meter carries.',
  'orders.void.price_out_of_bounds': 'Its price was out of bounds.',
  'orders.void.price_off_tick': 'Its price was between two steps.',
  'orders.void.mandate_exceeded': 'An agent placed it, beyond its mandate.',
  'orders.void.collateral_short': 'Not enough was set aside for it.',

  'trades.title': 'Contracts',
  'trades.hint':
    'Between you and one other, by name. In force when both have signed the same words; paid by ' +
    'what the meters show.',
  'trades.empty':
    'No contract and no proposal yet. Answer somebody on the board, or offer something.',
  'trades.none': 'This market has no contracts between named parties.',
  'trades.none.next': 'Its rulebook has the auction alone.',
  'trades.seller': 'You sell to {name} (trade {trade})',
  'trades.buyer': 'You buy from {name} (trade {trade})',
  'trades.asked': 'asks for your answer',
  'trades.status.invited': 'waits for an answer',
  'trades.status.agreed': 'in force',
  'trades.status.completed': 'completed',
  'trades.status.declined': 'declined',
  'trades.status.withdrawn': 'withdrawn',
  'trades.status.expired': 'lapsed',
  'trades.status.cancelled': 'ended together',
  'trades.status.exited': 'left',
  'trades.status.terminated': 'ended: money was missing',
  'trades.terms':
    '{energy} in all, {each} in each interval, at {price} for a kilowatt-hour, from {from} until ' +
    '{until}. Paid {rail}.',
  'trades.terms.none': 'No energy from {from} until {until}: it ends the contract.',
  'trades.more.meter': 'Over your meter {meter}.',
  'trades.more.meterOf': 'Over meter {meter} of account {account}.',
  'trades.more.short':
    'Who falls short by more than {tolerance} of an interval pays {penalty} of the price for ' +
    'what is missing.',
  'trades.more.contracted': 'The buyer pays for all that was agreed, also where it takes less.',
  'trades.more.exit': 'Either side may leave it for {fee}.',
  'trades.more.platform': 'Account {platform} gets {fee} for each kilowatt-hour as its platform.',
  'trades.delivered': '{energy} delivered so far, {money}.',
  'trades.do.accept': 'Sign it',
  'trades.do.counter': 'Other terms',
  'trades.do.decline': 'Decline',
  'trades.do.withdraw': 'Take it back',
  'trades.do.cancel': 'Ask to end it',
  'trades.do.exit': 'Leave, for the fee',
  'trades.done': 'The exchange has it.',
  'trades.counter.sign': 'Sign and propose',
  'trades.energy.each': 'Energy of each interval',
  'trades.energy.total': 'Energy of the whole window',
  'trades.price': 'Price for a kilowatt-hour',
  'trades.wrong': 'Energy is written as 200 Wh or 0.2 kWh, a price as 0.25.',
  'trades.rail.clearing-house': 'by the exchange itself',
  'trades.rail.money-block': 'from money that a provider blocks',
  'trades.rail.prepaid': 'from what you have prepaid',
  'trades.rail.bill-seller': 'by a bill of the seller',
  'trades.rail.bill-platform': 'by a bill of the platform',

  'consent.title': 'Before your first contract: what follows if somebody does not pay',
  'consent.text':
    'If I do not pay what a contract of mine asks for, or do not set aside what it needs, I ' +
    'am warned first. Then a fine stands on my retailer’s bill; then I am suspended from ' +
    'trading; and at last my retailer may give me notice of disconnection. Each step has its ' +
    'deadline, paying ends it at any time, and I may appeal once.',
  'consent.sign': 'Sign that I agree',
  'consent.signed': 'You can sign contracts from now on.',

  'propose.title': 'A contract with somebody you know',
  'propose.hint':
    'Ask for their card, and give them yours: it names account, meter and retailer, which a ' +
    'contract has to name.',
  'propose.own': 'Your card, to copy: account {account}, meter {meter}, retailer {retailer}.',
  'propose.card': 'Their card',
  'propose.intervals': 'How many intervals',
  'propose.wrong': 'That is no card: paste all of it, from the first brace to the last.',

  'board.title': 'The board',
  'board.empty':
    'Nobody offers or asks for anything at the moment. Put up an offer of your own below.',
  'board.sell': '{name} sells',
  'board.buy': '{name} buys',
  'board.status.open': 'open',
  'board.status.matched': 'waits for two signatures',
  'board.terms': '{energy} in each interval, {source}, in {zone}, from {from} until {until}.',
  'board.answer.buy': 'Sign and ask to buy',
  'board.answer.sell': 'Sign and ask to sell',
  'board.answered': '{name} is asked. When both have signed, it is in force.',
  'source.any': 'from any source',
  'source.solar': 'from the sun',
  'source.wind': 'from the wind',
  'source.storage': 'from a battery',

  'offers.title': 'Your offers',
  'offers.hint':
    'An offer binds nobody. Its ladder says with whom you would rather trade, first ' +
    'choice first; ' +
    'it is filled once.',
  'offers.empty': 'You have nothing on the board.',
  'offers.new': 'A new offer',
  'offers.from': 'From',
  'offers.length': 'For',
  'offers.minutes': '{minutes} minutes',
  'offers.source': 'Where it comes from',
  'offers.place': 'Sign and put on the board',
  'offers.placed':
    'It is on the board. When another offer meets it, a contract is proposed to both.',
  'offers.withdraw': 'Take it off',
  'offers.withdrawn': 'It is off the board.',

  'ladder.label': 'With whom, and at which price',
  'ladder.form':
    'Steps with commas: a name, zone:NAME, account:N or anyone; perhaps /solar, /wind or ' +
    '/storage; ' +
    'then @ and the price. Such as “home-3@0.28, zone:street/solar@0.25, anyone@0.20”.',
  'ladder.wrong': 'Not yet: {detail}',
  'ladder.first': 'First {who}, {source}, at {price}',
  'ladder.then': 'Else {who}, {source}, at {price}',
  'ladder.anyone': 'anyone',
  'ladder.zone': 'somebody in {zone}',
  'ladder.account': 'account {account}',
  'ladder.worth': '{worth} or more better than your tariff',
  'ladder.worth.less': 'up to {worth} worse than your tariff',
} as const
