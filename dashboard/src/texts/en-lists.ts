/** English, of lists that are longer than what a page shows of them. */
export const enLists = {
  'action.stop': 'Stop',
  'csv.reading': 'Rows read: {count}',
  'csv.cut': 'The list is longer: the file has {count} rows of it, and its name ends in “part”.',
  'customers.find': 'Find by name or number',
  'customers.find.go': 'Find',
  'customers.find.reading': 'Looking through all customers …',
  'customers.find.none': 'No customer has this name or number.',
  'customers.find.some': 'Found: {count}',
  'customers.find.cut': 'There are too many customers to look through all names: use the number.',
} as const
