package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.supervisor.container.StubEngine.Box;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.Run;
import java.io.IOException;
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
}
