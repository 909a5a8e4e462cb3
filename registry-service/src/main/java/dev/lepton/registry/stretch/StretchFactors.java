package dev.lepton.registry.stretch;

/**
 * How many times as long as the settings say the leases and the intervals are.
 *
 * @param lease by which silence is judged
 * @param interval that units are told; never more
 */
record StretchFactors(int lease, int interval) {

    static final StretchFactors NONE = new StretchFactors(1, 1);

    StretchFactors {
        if (interval < 1 || lease < interval) {
            throw new IllegalArgumentException(
                    "leases are stretched %d times, intervals %d times: not less than once, and leases not less than intervals"
                            .formatted(lease, interval));
        }
    }
}
