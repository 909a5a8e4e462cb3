package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the end of a run is seen. */
class RunWatchTests extends ContainerScene {

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
