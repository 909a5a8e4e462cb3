package dev.lepton.client.evidence;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units/{id}/evidence}: somebody other than the unit has seen how it
 * is.
 *
 * @param startId the start that was seen; one that does not hold the unit changes nothing
 * @param observer who has seen it, such as {@code supervisor of node-a} or {@code gateway-1}
 * @param detail what was seen, one sentence of at most 500 characters
 * @param failing of {@code known} units how many fail for a gateway now: at half of them or more
 *     the fault is taken for the gateway's own; both 0 for other observers
 */
public record Evidence(
        StartId startId,
        EvidenceKind kind,
        String observer,
        String detail,
        int failing,
        int known) {

    public Evidence(
            @Nullable StartId startId,
            @Nullable EvidenceKind kind,
            @Nullable String observer,
            @Nullable String detail,
            int failing,
            int known) {
        if (startId == null) {
            throw new IllegalArgumentException("'startId' is missing");
        }
        if (kind == null) {
            throw new IllegalArgumentException("'kind' is missing");
        }
        if (observer == null || observer.isBlank()) {
            throw new IllegalArgumentException("'observer' is missing");
        }
        if (failing < 0 || known < 0 || failing > known) {
            throw new IllegalArgumentException(
                    "failing %d must be from 0 to known %d".formatted(failing, known));
        }
        this.startId = startId;
        this.kind = kind;
        this.observer = Texts.required("observer", observer, 100);
        this.detail = Texts.required("detail", detail == null ? "" : detail, 500);
        this.failing = failing;
        this.known = known;
    }

    /** As a supervisor has seen it. */
    public static Evidence ofSupervisor(
            StartId startId, EvidenceKind kind, String observer, String detail) {
        return new Evidence(startId, kind, observer, detail, 0, 0);
    }
}
