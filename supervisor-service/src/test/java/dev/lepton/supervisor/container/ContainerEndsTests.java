package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** How containers are ended, and kept ended. */
class ContainerEndsTests extends ContainerScene {

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
    void aUnitThatIsToRestRestsAfterARestartThatIsOnTheWay() throws Exception {
        Box box = engine.runs("a", "web-1");
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            isToRestWhileARestartIsOnTheWay(threads, goOn);
            goOn.countDown();

            eventually(() -> posts().size() == 2 && box.status.equals("exited"));
            loop.advance(Duration.ofSeconds(10));
        }
        assertThat(posts())
                .containsExactly("POST /containers/a/restart?t=0", "POST /containers/a/stop?t=10");
        assertThat(startedElsewhere).isEmpty();
    }

    @Test
    void aUnitThatIsWantedAgainDuringARestartThatIsOnTheWayRuns() throws Exception {
        Box box = engine.runs("a", "web-1");
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            isToRestWhileARestartIsOnTheWay(threads, goOn);
            engine.mute = true;
            start();
            goOn.countDown();
            loop.advance(Duration.ofSeconds(10));
        }
        loop.advance(Duration.ofSeconds(10));

        assertThat(posts())
                .containsExactly("POST /containers/a/restart?t=0", "POST /containers/a/start");
        assertThat(box.status).isEqualTo("running");
    }

    @Test
    void aUnitThatIsToRestWhileItsEngineIsAwayIsStoppedWhenThatIsBack() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        engine.dies(box, 1);
        eventually(() -> containers.view().of(UNIT).stream().noneMatch(Seen::on));
        engine.away = true;
        loop.advance(Duration.ofSeconds(2));
        engine.starts(box);

        runtime.rest(UNIT);
        loop.advance(Duration.ofSeconds(3));
        engine.away = false;
        loop.advance(Duration.ofSeconds(1));

        assertThat(box.status).isEqualTo("exited");
    }

    private void isToRestWhileARestartIsOnTheWay(Executor threads, CountDownLatch goOn)
            throws IOException {
        callers = threads;
        engine.betweenEndAndStart = () -> awaited(goOn);
        begin();
        Run run = start();
        run.kill(Next.ANOTHER_RUN);
        exitOf(run);
        runtime.rest(UNIT);
        loop.run();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
