package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Containers that somebody else stops through the engine. */
class StoppedElsewhereTests extends ContainerScene {

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
    void aStopThroughTheEngineOutlivesTheSupervisor() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        stoppedByHand(box);

        beginAnew();
        assertThat(runtime.obstacle(UNIT)).contains("was stopped through the engine");
        beginAnew();
        assertThat(runtime.obstacle(UNIT)).contains("was stopped through the engine");

        engine.starts(box);
        eventually(() -> runtime.obstacle(UNIT) == null);
    }

    @Test
    void aContainerThatWasStartedAgainWhileNoSupervisorRanIsSupervisedAsAnyOther()
            throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        stoppedByHand(box);

        engine.starts(box);
        engine.dies(box, 1);
        beginAnew();

        assertThat(runtime.obstacle(UNIT)).isNull();
        start();
        assertThat(posts()).containsExactly("POST /containers/a/start");
    }

    @Test
    void whatAnEngineStopsThatEndsIsStartedWhenItIsBack() throws IOException {
        Box box = engine.runs("a", "web-1");
        Box other = engine.runs("b", "web-2");
        begin();
        Run run = start();

        engine.ending = true;
        engine.dies(box, 143);
        engine.changes(box, "exited", "stop");
        engine.changes(other, "paused", "pause");
        exitOf(run);
        eventually(() ->
                containers.view().of(unit(other)).getFirst().condition() == Seen.Condition.PAUSED);
        assertThat(runtime.obstacle(UNIT)).isNull();
        engine.ending = false;
        beginAnew();

        assertThat(runtime.obstacle(UNIT)).isNull();
    }

    @Test
    void aContainerThatIsGoneIsForgotten() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        stoppedByHand(box);

        engine.removed(box);
        loop.advance(Duration.ofSeconds(2));

        assertThat(stops).hasContent("{}");
    }

    @Test
    void aRecordThatCannotBeReadCountsAsNone() throws IOException {
        Box box = engine.runs("a", "web-1");
        begin();
        stoppedByHand(box);

        Files.writeString(stops, "[");
        beginAnew();

        assertThat(runtime.obstacle(UNIT)).isNull();
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

    private static UnitId unit(Box box) {
        return new UnitId(box.unit);
    }

    private void stoppedByHand(Box box) {
        engine.dies(box, 143);
        engine.changes(box, "exited", "stop");
        eventually(() ->
                String.valueOf(runtime.obstacle(UNIT)).contains("was stopped through the engine"));
    }
}
