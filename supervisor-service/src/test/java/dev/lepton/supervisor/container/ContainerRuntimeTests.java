package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerRuntimeTests {

    private static final UnitId UNIT = new UnitId("web-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final String ALLOWED =
            "GET /containers/json\\?.*|GET /containers/[a-z]+/(json|logs\\?.*)"
                    + "|POST /containers/[a-z]+/(start|(stop|restart)\\?t=\\d+)|GET /events\\?.*";

    @TempDir Path folder;

    private final TestLoop loop = new TestLoop();
    private final Map<UnitId, StartId> registered = new HashMap<>();
    private final KnownStarts starts = new KnownStarts();
    private final List<UnitId> startedElsewhere = new ArrayList<>();
    private StubEngine engine;
    private Containers containers;
    private ContainerRuntime runtime;

    @BeforeEach
    void makeTheEngine() throws IOException {
        engine = new StubEngine();
    }

    @AfterEach
    void onlyTheCallsThatAreAllowedWereMade() {
        containers.close();
        loop.run();
        engine.close();
        assertThat(engine.calls).allMatch(call -> call.matches(ALLOWED));
    }

    private void begin() {
        containers =
                new Containers(
                        new Engine(engine.url()),
                        "shop",
                        loop,
                        Runnable::run,
                        unit -> Optional.ofNullable(registered.get(unit)),
                        starts,
                        "here",
                        () -> Instant.parse("2026-11-22T12:00:30Z"));
        runtime = new ContainerRuntime(containers);
        containers.start(startedElsewhere::add);
        eventually(() -> engine.away || engine.followers() == 1);
    }

    private void eventually(BooleanSupplier condition) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> {
                    loop.advance(POLL);
                    return condition.getAsBoolean();
                });
    }

    private Run start() throws IOException {
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

    private Exit exitOf(Run run) {
        eventually(() -> run.exit().isDone());
        return run.exit().join();
    }

    private List<String> posts() {
        return engine.calls.stream().filter(call -> call.startsWith("POST")).toList();
    }

    @Test
    void aContainerThatRunsIsTakenAsItIs() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();

        Run run = start();

        assertThat(run.mark()).isEqualTo(new ContainerMark("a", box.startedAt));
        assertThat(run.host()).isEqualTo("127.0.0.1");
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(posts()).isEmpty();
        assertThat(engine.calls.getFirst())
                .contains("lepton.unit", "com.docker.compose.project=shop");
    }

    @Test
    void anEndIsKnownByItsEventAndTheLastLinesAreKept() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.output = "listens\nfails\n";

        engine.dies(box, 78);

        assertThat(exitOf(run)).isEqualTo(new Exit(78, null));
        assertThat(run.state()).isEqualTo(RunState.GONE);
        assertThat(folder.resolve("run.log")).hasContent("listens\nfails");
    }

    @Test
    void aStopThatIsToldAfterALaterEventOfAnotherCounts() throws IOException {
        Box box = engine.runs("a", "web-1");
        Box other = engine.runs("b", "web-2");
        begin();
        Run run = start();
        engine.dies(box, 143);
        exitOf(run);

        engine.holdsBackNext = true;
        engine.changes(box, "exited", "stop");
        engine.changes(other, "paused", "pause");

        eventually(() -> runtime.obstacle(UNIT) != null);
        assertThat(runtime.obstacle(UNIT)).contains("was stopped through the engine");
    }

    @Test
    void aHealthCheckCostsNoLook() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        start();
        engine.calls.clear();

        for (String action :
                List.of("exec_create: /bin/true", "exec_start: /bin/true", "exec_die")) {
            engine.changes(box, "running", action);
        }
        engine.changes(box, "paused", "pause");
        eventually(() -> !engine.calls.isEmpty());

        assertThat(engine.calls).containsExactly("GET /containers/a/json");
    }

    @Test
    void anEndDuringACutOfTheEventsIsToldWithItsCodeWhenTheyGoOn() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.changes(box, "paused", "pause");
        eventually(() -> run.state() == RunState.STOPPED);
        engine.changes(box, "running", "unpause");
        eventually(() -> run.state() == RunState.RUNNING);
        engine.cutsTheEvents();

        engine.dies(box, 137);
        engine.starts(box);
        eventually(() -> engine.followers() == 1);

        assertThat(exitOf(run)).isEqualTo(new Exit(null, 9));
    }

    @Test
    void anotherStartIsSeenWithoutAnyEvent() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.mute = true;

        engine.dies(box, 1);
        engine.starts(box);
        loop.advance(Duration.ofSeconds(2));
        assertThat(run.exit()).isNotDone();
        loop.advance(Duration.ofMillis(500));

        assertThat(exitOf(run)).isEqualTo(Exit.UNKNOWN);
        assertThat(start().mark()).isEqualTo(new ContainerMark("a", box.startedAt));
    }

    @Test
    void nothingEndsBecauseTheEngineIsAwayForHalfAMinute() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.away = true;
        engine.cutsTheEvents();
        loop.advance(Duration.ofSeconds(30));

        assertThat(run.exit()).isNotDone();
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(runtime.obstacle(UNIT))
                .startsWith("the container engine at " + engine.url() + " does not answer");
        assertThat(posts()).isEmpty();

        engine.away = false;
        loop.advance(Duration.ofSeconds(10));

        assertThat(runtime.obstacle(UNIT)).isNull();
        assertThat(run.exit()).isNotDone();
    }

    @Test
    void anEngineThatWasNeverThereHindersAStart() throws IOException {
        engine.away = true;
        begin();

        assertThat(runtime.obstacle(UNIT)).contains("does not answer");
        assertThatThrownBy(() ->
                        runtime.find(
                                new RecordedRun(
                                        UNIT,
                                        StartId.random(),
                                        new ContainerMark("a", Instant.EPOCH),
                                        null)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aPausedContainerIsStoppedAndIsRestartedInOneStep() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.changes(box, "paused", "pause");
        eventually(() -> run.state() == RunState.STOPPED);
        assertThat(run.description()).contains("Paused: true");
        run.kill(Next.ANOTHER_RUN);

        assertThat(exitOf(run)).isEqualTo(new Exit(null, 9));
        assertThat(posts()).containsExactly("POST /containers/a/restart?t=0");
        assertThat(start().mark()).isEqualTo(new ContainerMark("a", box.startedAt));
    }

    @Test
    void aPauseIsNoLongerBelievedWhenTheEngineIsAway() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.changes(box, "paused", "pause");
        eventually(() -> run.state() == RunState.STOPPED);

        engine.away = true;
        loop.advance(Duration.ofSeconds(2));

        assertThat(run.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void anEndThatTheEngineDoesNotTakeIsTriedAgain() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.stubborn = true;

        run.kill(Next.ANOTHER_RUN);
        loop.advance(Duration.ofSeconds(3));
        assertThat(posts()).hasSize(4);
        assertThat(run.exit()).isNotDone();
        engine.stubborn = false;
        loop.advance(Duration.ofSeconds(1));

        exitOf(run);
        loop.advance(Duration.ofSeconds(10));
        assertThat(posts()).hasSize(5);
    }

    @Test
    void whileTheEngineIsAwayARunCannotBeEnded() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();
        assertThat(run.unendable()).isNull();

        engine.away = true;
        loop.advance(Duration.ofSeconds(2));

        assertThat(run.unendable()).isEqualTo("the container engine says nothing of it");
    }

    @Test
    void aStartThatFindsTheEngineAwayHasItsObstacleAtOnce() throws IOException {
        engine.runs("a", "web-1");
        begin();
        engine.away = true;

        assertThatThrownBy(this::start).isInstanceOf(IOException.class);

        assertThat(runtime.obstacle(UNIT)).startsWith("the container engine at ");
        engine.away = false;
        eventually(() -> runtime.obstacle(UNIT) == null);
    }

    @Test
    void aContainerThatTheEngineCannotTellOfHidesNoOther() throws IOException {
        Box box = engine.runs("a", "web-1");
        engine.runs("b", "web-2");
        begin();
        Run run = start();
        engine.unreadable.add("b");
        engine.mute = true;

        engine.changes(box, "paused", "pause");
        loop.advance(Duration.ofSeconds(2));

        assertThat(run.state()).isEqualTo(RunState.STOPPED);
        assertThat(runtime.obstacle(new UnitId("web-2")))
                .isEqualTo("the engine says nothing of its container");
        engine.unreadable.clear();
        loop.advance(Duration.ofSeconds(2));
        assertThat(runtime.obstacle(new UnitId("web-2"))).isNull();
    }

    @Test
    void aRunOfWhichTheEngineCannotTellGoesOn() throws IOException {
        engine.runs("a", "web-1");
        engine.runs("b", "web-2");
        begin();
        Run run = start();

        engine.unreadable.add("a");
        loop.advance(Duration.ofSeconds(30));

        assertThat(run.exit()).isNotDone();
        assertThat(run.unendable()).isNotNull();
    }

    @Test
    void aLookThatBeganBeforeAStartDoesNotEndItsRun() throws IOException {
        Box box = engine.runs("a", "web-1");
        engine.runs("b", "web-2");
        begin();
        engine.dies(box, 1);
        loop.advance(Duration.ofSeconds(2));
        engine.mute = true;
        List<Run> started = new ArrayList<>();
        engine.whileAsked =
                id -> {
                    if (id.equals("b") && started.isEmpty()) {
                        started.add(startedMeanwhile());
                    }
                };

        eventually(() -> !started.isEmpty());
        loop.advance(Duration.ofSeconds(1));

        assertThat(started.getFirst().exit()).isNotDone();
    }

    private Run startedMeanwhile() {
        try {
            return start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStopThatWasNotTakenIsForgottenOnceTheUnitIsWantedAgain() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        engine.stubborn = true;
        runtime.rest(UNIT);
        loop.advance(Duration.ofMillis(1500));
        assertThat(posts()).hasSize(2);

        Run run = start();
        engine.stubborn = false;
        loop.advance(Duration.ofSeconds(10));

        assertThat(posts()).hasSize(2);
        assertThat(box.status).isEqualTo("running");
        assertThat(run.exit()).isNotDone();
    }

    @Test
    void aStopOfAContainerThatIsGoneIsDone() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        engine.stubborn = true;
        runtime.rest(UNIT);
        loop.advance(Duration.ofMillis(500));

        engine.removed(box);
        loop.advance(Duration.ofSeconds(10));

        assertThat(posts()).hasSize(2);
    }

    @Test
    void theEventOfASecondAttemptIsAnOwnOneToo() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.stubborn = true;
        run.terminate(Next.REST, Duration.ZERO);
        loop.advance(Duration.ofMillis(900));
        engine.stubborn = false;
        engine.mute = true;
        loop.advance(Duration.ofMillis(1500));
        assertThat(box.status).isEqualTo("exited");

        engine.mute = false;
        engine.changes(box, "exited", "stop");
        exitOf(run);
        loop.advance(Duration.ofSeconds(3));

        assertThat(runtime.obstacle(UNIT)).isNull();
    }

    @Test
    void anEndThatWasAskedForTwiceIsAskedOfTheEngineOnce() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();

        run.terminate(Next.REST, Duration.ofMillis(2500));
        run.kill(Next.REST);
        exitOf(run);

        assertThat(posts()).containsExactly("POST /containers/a/stop?t=3");
    }

    @Test
    void whatHasEndedMeanwhileIsNotEndedInItsNextStart() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.mute = true;

        engine.dies(box, 1);
        engine.starts(box);
        run.kill(Next.ANOTHER_RUN);
        loop.advance(Duration.ofSeconds(5));

        assertThat(posts()).isEmpty();
        assertThat(run.exit()).isDone();
    }

    @Test
    void aContainerThatIsReplacedUnderItsUnitIsFollowed() throws IOException {
        Box old = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.dies(old, 143);
        engine.removed(old);
        Box next = engine.runs("b", "web-1");
        engine.changes(next, "created", "create");
        exitOf(run);
        eventually(() -> "its container was not started yet".equals(runtime.obstacle(UNIT)));
        engine.starts(next);
        eventually(() -> runtime.obstacle(UNIT) == null);

        assertThat(start().mark()).isEqualTo(new ContainerMark("b", next.startedAt));
        assertThat(posts()).isEmpty();
    }

    @Test
    void whatHindersAStartIsSaid() throws IOException {
        Box box = engine.runs("a", "web-1");
        engine.boxes.clear();
        begin();

        assertThat(runtime.obstacle(UNIT))
                .isEqualTo("no container of the project 'shop' is labelled lepton.unit=web-1");

        engine.boxes.put("a", box);
        engine.changes(box, "restarting", "die");
        eventually(() -> String.valueOf(runtime.obstacle(UNIT)).contains("about to start"));

        box.ip = "192.0.2.7";
        engine.starts(box);
        eventually(() -> String.valueOf(runtime.obstacle(UNIT)).contains("in no network"));

        engine.starts(engine.runs("b", "web-1"));
        eventually(() ->
                "2 containers are labelled lepton.unit=web-1; keep one"
                        .equals(runtime.obstacle(UNIT)));
    }

    @Test
    void aContainerThatWasStoppedThroughTheEngineIsLeftToWhoeverDidThat() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.dies(box, 143);
        engine.changes(box, "exited", "stop");
        exitOf(run);
        eventually(() -> runtime.obstacle(UNIT) != null);
        assertThat(runtime.obstacle(UNIT)).contains("was stopped through the engine");

        engine.starts(box);
        eventually(() -> runtime.obstacle(UNIT) == null);
    }

    @Test
    void anOwnStopThatIsToldAgainAfterACutIsNobodyElses() throws IOException {
        engine.runs("a", "web-1");
        begin();
        Run run = start();
        run.terminate(Next.REST, Duration.ZERO);
        exitOf(run);
        loop.advance(Duration.ofSeconds(5));

        engine.cutsTheEvents();
        eventually(() -> engine.followers() == 1);
        loop.advance(Duration.ofSeconds(2));

        assertThat(runtime.obstacle(UNIT)).isNull();
    }

    @Test
    void aContainerThatHasEndedAndThatNobodyStartsIsStarted() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.dies(box, 1);
        exitOf(run);

        assertThat(start().mark()).isEqualTo(new ContainerMark("a", box.startedAt));
        assertThat(posts()).containsExactly("POST /containers/a/start");
    }

    @Test
    void aUnitThatIsToRestIsStoppedAndItsStartByAnotherHandIsTold() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();

        runtime.rest(UNIT);
        eventually(() -> box.status.equals("exited"));
        assertThat(posts()).containsExactly("POST /containers/a/stop?t=10");
        loop.advance(Duration.ofSeconds(10));
        assertThat(startedElsewhere).isEmpty();
        engine.starts(box);
        loop.advance(Duration.ofSeconds(2));
        assertThat(startedElsewhere).isEmpty();
        loop.advance(Duration.ofSeconds(2));
        assertThat(startedElsewhere).containsExactly(UNIT);

        start();
        loop.advance(Duration.ofSeconds(2));
        assertThat(startedElsewhere).containsExactly(UNIT);
    }

    @Test
    void aRunIsFoundAgainByItsContainerAndStart() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        StartId start = StartId.random();
        ContainerMark mark = new ContainerMark("a", box.startedAt);

        assertThat(runtime.find(new RecordedRun(UNIT, start, mark, null)))
                .hasValueSatisfying(run -> {
                    assertThat(run.startId()).isEqualTo(start);
                    assertThat(run.mark()).isEqualTo(mark);
                });

        engine.starts(box);
        assertThat(runtime.find(new RecordedRun(UNIT, start, mark, null))).isEmpty();
    }

    @Test
    void aKillForWantOfMemoryIsKnown() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();

        engine.changes(box, "running", "oom");
        engine.dies(box, 137);
        exitOf(run);

        assertThat(run.memoryRanOut()).isTrue();
    }

    @Test
    void theRegistrysNameOfARunIsThatOfItsOwnTimeOnly() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run first = start();
        StartId registeredFirst = StartId.random();
        StartId registeredNext = StartId.random();
        loop.advance(Duration.ofSeconds(2));
        assertThat(starts.of(first.startId())).isEmpty();

        registered.put(UNIT, registeredFirst);
        loop.advance(Duration.ofSeconds(2));
        assertThat(starts.of(first.startId())).contains(registeredFirst);

        engine.dies(box, 1);
        exitOf(first);
        Run next = start();
        loop.advance(Duration.ofSeconds(2));
        assertThat(starts.of(next.startId())).isEmpty();

        registered.put(UNIT, registeredNext);
        loop.advance(Duration.ofSeconds(2));
        assertThat(starts.of(next.startId())).contains(registeredNext);
        assertThat(starts.of(first.startId())).contains(registeredFirst);
        assertThat(starts.runOf(registeredNext)).contains(next.startId());
        assertThat(Files.exists(folder.resolve("run.log"))).isTrue();
    }

    @Test
    void whatRegistersAfterAnUnseenRestartIsNotTakenForTheRunBefore() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        Run run = start();
        engine.mute = true;
        engine.dies(box, 1);
        engine.starts(box);

        registered.put(UNIT, StartId.random());
        loop.advance(Duration.ofSeconds(5));

        assertThat(run.exit()).isDone();
        assertThat(starts.of(run.startId())).isEmpty();
    }
}
