package dev.lepton.supervisor.api;

import dev.lepton.client.unit.NodeName;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.supervision.Supervision;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The node itself. */
@RestController
@RequestMapping("/v1")
class NodeController {

    private final Supervision supervision;
    private final Declaration declaration;
    private final Runnable exit;
    private final Instant startedAt;

    /**
     * @param exit ends the supervisor in order; must not wait for it
     */
    NodeController(
            Supervision supervision, Declaration declaration, Runnable exit, InstantSource clock) {
        this.supervision = supervision;
        this.declaration = declaration;
        this.exit = exit;
        this.startedAt = clock.instant();
    }

    /** A supervisor as it shows itself. */
    record Node(
            NodeName node, Instant startedAt, boolean ready, List<URI> registryUrls, long pid) {}

    @GetMapping("/node")
    Node node() {
        return new Node(
                declaration.node(),
                startedAt,
                supervision.ready(),
                declaration.registryUrls(),
                ProcessHandle.current().pid());
    }

    @PostMapping("/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void stop() {
        exit.run();
    }
}
