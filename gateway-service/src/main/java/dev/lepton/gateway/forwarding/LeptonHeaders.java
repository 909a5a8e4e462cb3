package dev.lepton.gateway.forwarding;

import io.netty.util.AsciiString;

/** The headers that parts of the platform exchange. */
final class LeptonHeaders {

    /** To a unit: the one that is meant. To a client: the one that answered. */
    static final String UNIT = "Lepton-Unit";

    /** To a client: how many units the request was offered to, when more than one. */
    static final String ATTEMPTS = "Lepton-Attempts";

    /**
     * To a unit: how many milliseconds are left of the request's deadline when it is sent. From a
     * client: how many it has left itself, for one that works against a deadline of its own.
     */
    static final String DEADLINE = "Lepton-Deadline";

    /** From a unit: it did not begin with the request, and why. */
    static final String NOT_PROCESSED = "Lepton-Not-Processed";

    private static final String PREFIX = "lepton-";

    private LeptonHeaders() {}

    /** Whether a header is the platform's own, which nobody outside may set. */
    static boolean isOurs(CharSequence name) {
        return AsciiString.regionMatches(name, true, 0, PREFIX, 0, PREFIX.length());
    }
}
