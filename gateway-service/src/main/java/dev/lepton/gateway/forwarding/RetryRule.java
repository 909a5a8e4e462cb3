package dev.lepton.gateway.forwarding;

/**
 * When a request may be sent again, to another unit, without a risk that its work is done twice.
 */
final class RetryRule {

    private RetryRule() {}

    /**
     * @param idempotent whether the method may be repeated (RFC 9110 9.2.2)
     * @param replayable whether the whole body can be sent again
     */
    static boolean maySendAgain(Failure failure, boolean idempotent, boolean replayable) {
        return switch (failure) {
            case NOT_SENT, NOT_PROCESSED, MISDIRECTED -> replayable;
            case BROKEN, TIMED_OUT, UNIT_GONE -> idempotent && replayable;
        };
    }

    static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }
}
