package dev.lepton.starter.traffic;

import dev.lepton.client.rest.ProtocolJson;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that was not taken: problem details (RFC 9457) and a header by which a
 * gateway knows that nothing was processed.
 *
 * @param endsConnection whether the caller is to come back by another connection
 */
record NotProcessed(int status, String reason, byte[] problem, boolean endsConnection) {

    static final String HEADER = "Lepton-Not-Processed";
    static final String CONTENT_TYPE = "application/problem+json";

    /**
     * @param unit this unit, null while it is not known
     */
    static NotProcessed misdirected(@Nullable Object unit) {
        return new NotProcessed(
                421,
                "misdirected",
                problem(
                        "misdirected",
                        "Misdirected request",
                        421,
                        "the request names another unit in '%s'; this one is %s"
                                .formatted(
                                        RequestGate.UNIT_HEADER,
                                        unit == null ? "not registered yet" : "'" + unit + "'")),
                false);
    }

    static NotProcessed draining() {
        return new NotProcessed(
                503,
                "draining",
                problem(
                        "draining",
                        "Unit is draining",
                        503,
                        "the unit takes no new requests; nothing was processed"),
                true);
    }

    static NotProcessed fenced() {
        return new NotProcessed(
                503,
                "fenced",
                problem(
                        "fenced",
                        "Unit is fenced",
                        503,
                        "no registry confirms this exclusive unit; nothing was processed"),
                true);
    }

    private static byte[] problem(String code, String title, int status, String detail) {
        return ProtocolJson.lenient()
                .writeValueAsBytes(
                        new Problem("urn:lepton:problem:" + code, title, status, detail, code));
    }

    private record Problem(String type, String title, int status, String detail, String code) {}
}
