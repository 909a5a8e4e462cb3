package dev.lepton.platform.faults;

import dev.lepton.platform.load.Sample;

/**
 * An answer to a read.
 *
 * @param asked how many units the gateway had asked until then
 * @param kind of the answer
 */
record Reading(String unit, int asked, Kind kind) {

    enum Kind {
        /** Comes as a whole. */
        GREETING("/hello"),

        /** Takes a while after it has begun. */
        LIST("/list");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        String path() {
            return path;
        }
    }

    String text() {
        return unit + " " + asked + " " + kind;
    }

    static Reading of(Sample answered) {
        String[] parts = String.valueOf(answered.by()).split(" ");
        return new Reading(parts[0], Integer.parseInt(parts[1]), Kind.valueOf(parts[2]));
    }
}
