/** What stands behind a home's meter, on its page. */
export const enDevices = {
  'flow.title': 'Power now',
  'flow.of': 'Of {interval}, as it was metered',
  'flow.waits': 'The picture comes with the first interval that is metered.',
  'flow.house': 'Your meter',
  'flow.home': 'Your home uses',
  'flow.neighbours': 'Neighbours',
  'flow.grid': 'Grid',
  'flow.still': 'nothing flows',
  'flow.heat_pump': 'of it heat pump {power}',
  'flow.says.in': 'Your home takes in {power}: {neighbours}, {grid}.',
  'flow.says.out': 'Your home gives out {power}: {neighbours}, {grid}.',
  'flow.says.even': 'Your home takes in as much as it gives out: {neighbours}, {grid}.',
  'flow.says.fromNeighbours': '{power} from neighbours',
  'flow.says.toNeighbours': '{power} to neighbours',
  'flow.says.fromGrid': '{power} from the grid',
  'flow.says.toGrid': '{power} to the grid',
  'flow.says.still': 'Nothing flows through your meter.',
  'flow.says.used': 'At home {power} is used.',
  'flow.says.solar.out': 'The sun gives {power}.',
  'flow.says.solar.in': 'The panels’ inverter takes {power}.',
  'flow.says.solar.still': 'The sun gives nothing.',
  'flow.says.battery.out': 'The battery gives {power}.',
  'flow.says.battery.in': 'The battery is charged with {power}.',
  'flow.says.battery.still': 'The battery rests.',
  'flow.says.car_charger.out': 'The car gives {power}.',
  'flow.says.car_charger.in': 'The car is charged with {power}.',
  'flow.says.car_charger.still': 'No car is charged.',
  'flow.says.heat_pump.out': 'The heat pump gives {power}.',
  'flow.says.heat_pump.in': 'The heat pump takes {power} of it.',
  'flow.says.heat_pump.still': 'The heat pump rests.',
  'flow.told.hint':
    'Sun, battery and car are shown as your own devices say, to you alone. They settle nothing: ' +
    'money follows your meter.',
  'flow.untold.hint':
    'This is your meter. Your devices have said nothing of this interval, and nothing is guessed.',
  'flow.failed.hint':
    'What your devices say cannot be read right now. This is your meter; the page tries again.',

  'day.home': 'Made and used at home',
  'day.generated': 'Made',
  'day.used': 'Used',
  'day.own': 'Used of your own',
  'day.own.hint': '{share} of it did not come through the meter',
  'day.charged': 'Into the battery',
  'day.discharged': 'Out of the battery',
  'day.carCharged': 'Of it into the car',
  'day.contradicted.one':
    'In {count} interval your devices contradict your meter. Your meter counts.',
  'day.contradicted.other':
    'In {count} intervals your devices contradict your meter. Your meter counts.',
  'day.contradicted.next':
    'More left home than came in and was made, by more than counters may differ. Either a device ' +
    'is not connected, or one counts wrongly: who installed it can say which. The last time was ' +
    'at {time}.',

  'devices.title': 'Your devices',
  'devices.unknown': 'No device of your home says what it does.',
  'devices.unknown.next':
    'To see sun, battery and car here, have them connected to the gateway that reads your meter: ' +
    'who installed it, or your grid operator, knows how. Nothing has to be registered, and what ' +
    'they say is shown to you alone.',
  'devices.failed': 'What your devices say cannot be read right now.',
  'devices.failed.next': 'Your money is not touched by it. This page tries again by itself.',
  'devices.hint':
    'Said by your own devices, kept for 40 days, and shown to you alone: not to your retailer, ' +
    'not to who runs the market. Nothing is settled by it.',
  'devices.solar': 'Sun',
  'devices.battery': 'Battery',
  'devices.car_charger': 'Car',
  'devices.heat_pump': 'Heat pump',
  'devices.numbered': '{device} {number}',
  'devices.did.solar': 'made {out} on this day',
  'devices.did.battery': 'took in {in} and gave {out} on this day',
  'devices.did.car_charger': 'took in {in} on this day',
  'devices.did.heat_pump': 'used {in} on this day',
  'devices.did.nothing': 'said nothing on this day',
  'devices.charge': '{percent} full',
  'devices.plugged': 'at home, plugged in',
  'devices.away': 'not plugged in',
  'devices.silent': 'silent since {time}',
  'devices.silent.hint':
    'A device that is silent is off, or its gateway is not heard. Look at its display first.',
  'devices.meter': 'Meter {meter}, {name}',
  'devices.physical': 'takes up to {import}, gives up to {export}, in {zone}',
  'devices.virtual': 'a meter in the books, in {zone}',
} as const
