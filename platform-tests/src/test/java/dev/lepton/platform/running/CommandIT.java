package dev.lepton.platform.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandIT {

    private static final Path HERE = Path.of(".");

    @Test
    void oneThatEndsSaysHowAndWhatItPrinted() {
        Command.Outcome outcome = run(Duration.ofMinutes(1), "echo one; echo two >&2; exit 3");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.output()).isEqualTo("one\ntwo\n");
    }

    @Test
    void oneThatHangsIsEndedAtItsLimitWithAllThatItHasStarted() {
        String started = "lepton-command-it-" + ProcessHandle.current().pid();

        assertThatThrownBy(() ->
                        run(
                                Duration.ofSeconds(1),
                                "echo waits; sh -c 'sleep 600; :' %s".formatted(started)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("hangs:\nwaits");
        await().atMost(Duration.ofSeconds(10)).until(() -> !runs(started));
    }

    @Test
    void oneThatDoesNotExistEndsAsTheShellSays() {
        assertThat(Command.run(HERE, Map.of(), Duration.ofMinutes(1), List.of("no-such")))
                .extracting(Command.Outcome::exitCode)
                .isEqualTo(127);
    }

    /** Whose parent has died is nobody's descendant here. */
    private static boolean runs(String word) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains(word));
    }

    private static Command.Outcome run(Duration limit, String script) {
        return Command.run(HERE, Map.of(), limit, List.of("sh", "-c", script));
    }
}
