export function eventsWords(count: number): string {
  return count === 0 ? "no new event" : count === 1 ? "1 event" : `${count} events`;
}
