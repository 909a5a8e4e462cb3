package dev.lepton.registry.lease;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;

/**
 * How a unit's row says that the cap on silence holds it back. It is read back from the row, so
 * that the clock alone takes nobody after a change of leader either.
 */
public final class Preserving {

    private static final String BEGUN = "preserving: ";
    private static final String RAISED = "preserving for ";

    private Preserving() {}

    /** Whether the cap holds the unit back. */
    public static boolean holds(UnitRow unit) {
        return unit.phase() == Phase.SUSPECT
                && (unit.reason().startsWith(BEGUN) || unit.reason().startsWith(RAISED));
    }

    /** Whether it was said already that this lasts. */
    static boolean isRaised(UnitRow unit) {
        return unit.reason().startsWith(RAISED);
    }

    static String because(String silence, int alive, ServiceName service, LeaseTerms terms) {
        return BEGUN
                + "%s, but silence alone takes at most half of the %d live units of '%s' within %s and never the last"
                        .formatted(silence, alive, service, terms.silenceWindow());
    }

    static String still(String silence, LeaseTerms terms) {
        return RAISED
                + "%s: %s, and too few observers fail to reach it"
                        .formatted(words(terms.raiseAfter().toSeconds()), silence);
    }

    private static String words(long seconds) {
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
