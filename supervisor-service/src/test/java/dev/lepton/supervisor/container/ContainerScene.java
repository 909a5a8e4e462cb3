package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Containers on a clock that the test moves, under an engine that does as it is told. */
abstract class ContainerScene {

    static final UnitId UNIT = new UnitId("web-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final String ALLOWED =
            "GET /containers/json\\?.*|GET /containers/[a-z]+/(json|logs\\?.*)"
                    + "|POST /containers/[a-z]+/(start|(stop|restart)\\?t=\\d+)|GET /events\\?.*";

    @TempDir Path folder;

    TestLoop loop = new TestLoop();
    final Map<UnitId, StartId> registered = new HashMap<>();
    final KnownStarts starts = new KnownStarts();
    final List<UnitId> startedElsewhere = new ArrayList<>();
    Executor callers = Runnable::run;
    Instant now = Instant.parse("2026-11-22T12:00:30Z");
    StubEngine engine;
    Containers containers;
    ContainerRuntime runtime;
    Path stops;

    @BeforeEach
    void makeTheEngine() throws IOException {
        engine = new StubEngine();
        stops = folder.resolve("stopped-containers.json");
    }

    @AfterEach
    void onlyTheCallsThatAreAllowedWereMade() {
        containers.close();
        loop.run();
        engine.close();
        assertThat(engine.calls).allMatch(call -> call.matches(ALLOWED));
    }

    void begin() {
        containers =
                new Containers(
                        new Engine(engine.url()),
                        "shop",
                        loop,
                        callers,
                        unit -> Optional.ofNullable(registered.get(unit)),
                        starts,
                        "here",
                        stops,
                        () -> now);
        runtime = new ContainerRuntime(containers);
        containers.start(startedElsewhere::add);
        eventually(() -> engine.away || engine.followers() == 1);
    }

    /** Another supervisor of the same node, which is told of no event before its begin. */
    void beginAnew() {
        containers.close();
        loop.run();
        engine.cutsTheEvents();
        loop = new TestLoop();
        now = engine.now().plusNanos(1);
        begin();
    }

    void eventually(BooleanSupplier condition) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> {
                    loop.advance(POLL);
                    return condition.getAsBoolean();
                });
    }

    Run start() throws IOException {
        assertThat(runtime.obstacle(UNIT)).isNull();
        return runtime.start(
                new LaunchSpec(
                        UNIT,
                        StartId.random(),
                        List.of(),
                        Map.of(),
                        folder,
                        folder.resolve("run.log")));
    }

    Exit exitOf(Run run) {
        eventually(() -> run.exit().isDone());
        return run.exit().join();
    }

    List<String> posts() {
        return engine.calls.stream().filter(call -> call.startsWith("POST")).toList();
    }
}
