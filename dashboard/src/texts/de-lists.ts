import type { enLists } from './en-lists.ts'

export const deLists: Readonly<Record<keyof typeof enLists, string>> = {
  'action.stop': 'Anhalten',
  'csv.reading': 'Gelesene Zeilen: {count}',
  'csv.cut':
    'Die Liste ist länger: Die Datei enthält {count} Zeilen davon, und ihr Name endet auf „part“.',
  'customers.find': 'Nach Name oder Nummer suchen',
  'customers.find.go': 'Suchen',
  'customers.find.reading': 'Alle Kunden werden durchgesehen …',
  'customers.find.none': 'Kein Kunde hat diesen Namen oder diese Nummer.',
  'customers.find.some': 'Gefunden: {count}',
  'customers.find.cut':
    'Es sind zu viele Kunden, um alle Namen durchzusehen: Nehmen Sie die Nummer.',
}
