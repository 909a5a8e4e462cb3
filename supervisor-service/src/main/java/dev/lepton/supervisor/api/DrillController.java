package dev.lepton.supervisor.api;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.drill.DrillVerdict;
import dev.lepton.supervisor.drill.DrillWish;
import dev.lepton.supervisor.drill.Drills;
import dev.lepton.supervisor.drill.Finding;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.supervision.Supervision;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/units/{id}/drill}. */
@RestController
class DrillController {

    private static final String SOMEBODY = "an operator";

    private final Supervision supervision;
    private final Drills drills;
    private final Registry registry;

    DrillController(Supervision supervision, Drills drills, Registry registry) {
        this.supervision = supervision;
        this.drills = drills;
        this.registry = registry;
    }

    /**
     * What is wanted.
     *
     * @param fault {@code kill} or {@code hang}
     * @param startId the one that whoever asks has seen holding the unit
     * @param decidedBy who wants it, at most 100 characters
     * @param go whether it is to be done; otherwise it is only told whether it would be
     */
    record DrillRequest(
            @Nullable String fault,
            @Nullable String startId,
            @Nullable String decidedBy,
            @Nullable Boolean go) {}

    /**
     * A drill that was done, or could be.
     *
     * @param struckAt null when nothing was done
     */
    record DrillAnswer(
            UnitId unit,
            DrillFault fault,
            StartId startId,
            boolean struck,
            @Nullable Instant struckAt,
            List<Finding> rails) {}

    @PostMapping("/v1/units/{id}/drill")
    DrillAnswer drill(@PathVariable String id, @RequestBody DrillRequest request) {
        DrillWish wish = wish(id, request);
        if (supervision.stopping()) {
            throw new ApiRefusal(
                    HttpStatus.CONFLICT, "all units are being stopped, the supervisor ends");
        }
        DrillVerdict verdict = drills.drill(wish).orElseThrow(() -> notHere(wish.unit()));
        verdict.refusal()
                .ifPresent(refusal -> {
                    throw new DrillRefused(refusal, verdict.rails());
                });
        Drill drill = verdict.drill();
        return new DrillAnswer(
                wish.unit(),
                wish.fault(),
                wish.start(),
                drill != null,
                drill == null ? null : drill.struckAt(),
                verdict.rails());
    }

    private static DrillWish wish(String id, DrillRequest request) {
        return new DrillWish(
                parsed("id", id, UnitId::new),
                parsed("fault", request.fault(), DrillFault::parse),
                parsed("startId", request.startId(), StartId::parse),
                parsed(
                        "decidedBy",
                        Objects.requireNonNullElse(request.decidedBy(), SOMEBODY),
                        name -> Texts.required("decidedBy", name, Drill.LONGEST_NAME)),
                Boolean.TRUE.equals(request.go()));
    }

    private static <T> T parsed(String field, @Nullable String text, Function<String, T> parser) {
        if (text == null || text.isBlank()) {
            throw new ApiRefusal(HttpStatus.BAD_REQUEST, "'%s' is missing".formatted(field));
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ApiRefusal(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private ApiRefusal notHere(UnitId unit) {
        return registry.view(unit)
                .map(view ->
                        new ApiRefusal(
                                HttpStatus.CONFLICT,
                                view.node() == null
                                        ? "'%s' has no supervisor: nobody would recover it"
                                                .formatted(unit)
                                        : "'%s' is a unit of node %s: run the drill there"
                                                .formatted(unit, view.node())))
                .orElseGet(() ->
                        new ApiRefusal(
                                HttpStatus.NOT_FOUND, "no unit '%s' on this node".formatted(unit)));
    }
}
