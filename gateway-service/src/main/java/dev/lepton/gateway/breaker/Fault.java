package dev.lepton.gateway.breaker;

/**
 * What was held against a unit.
 *
 * @param atNanos when, by the clock of the breakers
 */
public record Fault(Kind kind, long atNanos) {

    /** How a unit fails a gateway. */
    public enum Kind {
        REFUSED("no connection to it can be opened"),
        FAILED("its connections break, or it answers that it failed"),
        SILENT("it accepts requests and answers none"),
        SLOW("its answers take long");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The same for people. */
        public String words() {
            return words;
        }
    }
}
