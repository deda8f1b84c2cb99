/** How often what is written a moment after it happened is asked for again, while somebody looks. */
export const LOOK_AGAIN = 5_000

/** How often one asks for what nobody waits for, such as a sign of life. */
export const LOOK_NOW_AND_THEN = 15_000
