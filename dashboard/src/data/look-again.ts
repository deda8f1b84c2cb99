/** How often what is written a moment after it happened is asked for again, while somebody looks. */
export const LOOK_AGAIN = 5_000
