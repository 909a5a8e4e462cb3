package dev.lepton.gateway.forwarding;

import java.util.Locale;

/** How a request ended, as far as the gateway is concerned. */
enum RequestOutcome {
    ANSWERED,
    NO_UNIT,
    OVERLOADED,
    FAILED,
    DEADLINE,
    CANCELLED;

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
