package dev.lepton.worker.primes;

import java.util.BitSet;

/**
 * The primes below a bound.
 *
 * @param below exclusive
 * @param count how many there are
 * @param largest the largest of them, 0 when there is none
 */
record Primes(int below, int count, int largest) {

    /** The sieve of Eratosthenes: O(n log log n) steps, n bits. */
    static Primes below(int bound) {
        BitSet composite = new BitSet(bound);
        int count = 0;
        int largest = 0;
        for (int n = 2; n < bound; n++) {
            if (composite.get(n)) {
                continue;
            }
            count++;
            largest = n;
            for (long multiple = (long) n * n; multiple < bound; multiple += n) {
                composite.set((int) multiple);
            }
        }
        return new Primes(bound, count, largest);
    }
}
