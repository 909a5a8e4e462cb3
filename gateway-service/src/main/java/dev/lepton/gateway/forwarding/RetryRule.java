package dev.lepton.gateway.forwarding;

/**
 * When a request may be sent again, to another unit, without a risk that its work is done twice.
 */
final class RetryRule {

    private RetryRule() {}

    /**
     * @param repeatable whether its work may be done twice: by its method (RFC 9110 9.2.2), or
     *     because its units know it again
     * @param replayable whether the whole body can be sent again
     */
    static boolean maySendAgain(Failure failure, boolean repeatable, boolean replayable) {
        return switch (failure) {
            case NOT_SENT, NOT_PROCESSED, MISDIRECTED -> replayable;
            case BROKEN, TIMED_OUT, UNIT_GONE -> repeatable && replayable;
        };
    }

    /** Whether a method asks for nothing to be done, so that asking twice costs only time. */
    static boolean isSafe(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Whether an answer of a status that may pass elsewhere is worth asking another unit. */
    static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }
}
