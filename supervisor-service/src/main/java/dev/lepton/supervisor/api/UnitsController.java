package dev.lepton.supervisor.api;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.supervision.Supervision;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BiPredicate;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The units of this node. */
@RestController
@RequestMapping("/v1/units")
class UnitsController {

    private static final int MOST_LINES = 100_000;
    private static final String ASKED = "an operator asked for it";

    private final Supervision supervision;
    private final UnitAnswers answers;
    private final LogStreams logs;
    private final NodeName node;

    UnitsController(Supervision supervision, UnitAnswers answers, LogStreams logs, NodeName node) {
        this.supervision = supervision;
        this.answers = answers;
        this.logs = logs;
        this.node = node;
    }

    /** All units of a node. */
    record Units(NodeName node, List<UnitAnswer> units) {}

    @GetMapping
    Units units() {
        return new Units(node, answers.all());
    }

    @GetMapping("/{id}")
    UnitAnswer unit(@PathVariable String id) {
        UnitId unit = unitId(id);
        return answers.of(unit).orElseThrow(() -> unknown(unit));
    }

    @PostMapping("/{id}/restart")
    @ResponseStatus(HttpStatus.ACCEPTED)
    UnitAnswer restart(@PathVariable String id) {
        return request(id, supervision::restart);
    }

    @PostMapping("/{id}/start")
    @ResponseStatus(HttpStatus.ACCEPTED)
    UnitAnswer start(@PathVariable String id) {
        return request(id, supervision::start);
    }

    @PostMapping("/{id}/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    UnitAnswer stop(@PathVariable String id) {
        return request(id, supervision::stop);
    }

    @GetMapping("/{id}/logs")
    void logs(
            @PathVariable String id,
            @RequestParam(defaultValue = "200") int lines,
            @RequestParam(defaultValue = "false") boolean follow,
            HttpServletResponse response)
            throws IOException {
        UnitId unit = unitId(id);
        if (lines < 0 || lines > MOST_LINES) {
            throw new ApiRefusal(
                    HttpStatus.BAD_REQUEST,
                    "'lines' %d must be from 0 to %d".formatted(lines, MOST_LINES));
        }
        if (supervision.status(unit).isEmpty()) {
            throw unknown(unit);
        }
        response.setContentType("text/plain;charset=UTF-8");
        logs.write(unit, lines, follow, response.getOutputStream());
    }

    private UnitAnswer request(String id, BiPredicate<UnitId, String> request) {
        UnitId unit = unitId(id);
        if (supervision.stopping()) {
            throw new ApiRefusal(
                    HttpStatus.CONFLICT, "all units are being stopped, the supervisor ends");
        }
        if (!request.test(unit, ASKED)) {
            throw unknown(unit);
        }
        return answers.of(unit).orElseThrow(() -> unknown(unit));
    }

    private static UnitId unitId(String text) {
        try {
            return new UnitId(text);
        } catch (IllegalArgumentException e) {
            throw new ApiRefusal(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static ApiRefusal unknown(UnitId unit) {
        return new ApiRefusal(HttpStatus.NOT_FOUND, "no unit '%s' on this node".formatted(unit));
    }
}
