package dev.lepton.gateway.forwarding;

/**
 * A unit's response broke off after it had begun. It carries no cause: one that speaks of a reset
 * connection would be taken for the client's own disconnection, and the response would end as if it
 * were whole.
 */
final class ResponseBroken extends RuntimeException {

    ResponseBroken(Throwable why) {
        super(
                "the response broke off after it had begun: " + why.getClass().getSimpleName(),
                null,
                false,
                false);
    }
}
