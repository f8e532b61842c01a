/** Where the sun stands: enough geometry for what a flat roof can produce. */

const radians = (degrees: number): number => (degrees * Math.PI) / 180
const dayMs = 86_400_000

/**
 * Sine of the sun's elevation at `at` (UTC milliseconds), negative below the horizon.
 *
 * Declination and equation of time by Spencer's Fourier series (1971): within 0.04° and 35 seconds.
 */
export function sineOfElevation(at: number, place: Place): number {
  const year = new Date(at).getUTCFullYear()
  const dayOfYear = (at - Date.UTC(year, 0, 1)) / dayMs
  const angle = (2 * Math.PI * Math.floor(dayOfYear)) / 365
  const declination =
    0.006918 - 0.399912 * Math.cos(angle) + 0.070257 * Math.sin(angle) -
    0.006758 * Math.cos(2 * angle) + 0.000907 * Math.sin(2 * angle) -
    0.002697 * Math.cos(3 * angle) + 0.00148 * Math.sin(3 * angle)
  const equationOfTimeMinutes =
    229.18 *
    (0.000075 + 0.001868 * Math.cos(angle) - 0.032077 * Math.sin(angle) -
      0.014615 * Math.cos(2 * angle) - 0.040849 * Math.sin(2 * angle))
  const minutes = (dayOfYear % 1) * 1440 + place.longitude * 4 + equationOfTimeMinutes
  const hourAngle = radians(minutes / 4 - 180)
  const latitude = radians(place.latitude)
  return (
    Math.sin(latitude) * Math.sin(declination) +
    Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle)
  )
}

export type Place = { readonly latitude: number; readonly longitude: number }

/**
 * Irradiance of a cloudless sky on a flat roof, in suns (1 is 1,000 W/m²): Haurwitz (1945).
 *
 * @example clearSky(1) // 1.037, the sun overhead
 */
export function clearSky(sineElevation: number): number {
  if (sineElevation <= 0) return 0
  return 1.098 * sineElevation * Math.exp(-0.059 / sineElevation)
}
