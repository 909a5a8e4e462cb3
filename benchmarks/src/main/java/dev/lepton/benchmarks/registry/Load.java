package dev.lepton.benchmarks.registry;

/** What a registry is asked for as fast as it answers. */
enum Load {
    BEATS("a beat", "one beat a call, of all units in turn"),
    BATCHES("a batch", "the beats of all units in one call"),
    REGISTRATIONS("a registration", "one new unit a call");

    private final String one;
    private final String description;

    Load(String one, String description) {
        this.one = one;
        this.description = description;
    }

    String one() {
        return one;
    }

    String description() {
        return description;
    }
}
