package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.ProcessMark;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunMark;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuntimesTests {

    private static final UnitId PROCESS = new UnitId("process");
    private static final UnitId CONTAINER = new UnitId("container");
    private static final RunMark OF_A_PROCESS = new ProcessMark(1, Instant.EPOCH, null, null);
    private static final RunMark OF_A_CONTAINER = new ContainerMark("a", Instant.EPOCH);

    private final List<String> asked = new ArrayList<>();
    private final Runtimes runtimes =
            new Runtimes(new Asked("processes"), new Asked("containers"), CONTAINER::equals);

    @Test
    void aUnitIsStartedByTheRuntimeThatItIsDeclaredFor() {
        start(PROCESS);
        start(CONTAINER);
        runtimes.rest(CONTAINER);

        assertThat(asked).containsExactly("processes start", "containers start", "containers rest");
        assertThat(runtimes.obstacle(PROCESS)).isEqualTo("processes");
        assertThat(runtimes.endsWithSupervisor(PROCESS)).isTrue();
        assertThat(runtimes.endsWithSupervisor(CONTAINER)).isFalse();
    }

    @Test
    void whatWasLeftIsFoundAndSweptWhereItWasRunEvenIfItsUnitIsDeclaredOtherwiseNow() {
        runtimes.find(recorded(CONTAINER, OF_A_PROCESS));
        runtimes.sweep(recorded(CONTAINER, OF_A_PROCESS));
        runtimes.find(recorded(PROCESS, OF_A_CONTAINER));
        runtimes.find(recorded(PROCESS, null));
        runtimes.find(recorded(CONTAINER, null));

        assertThat(asked)
                .containsExactly(
                        "processes find",
                        "processes sweep",
                        "containers find",
                        "processes find",
                        "containers find");
    }

    private void start(UnitId unit) {
        LaunchSpec spec =
                new LaunchSpec(
                        unit, StartId.random(), List.of(), Map.of(), Path.of("/"), Path.of("/log"));
        assertThatThrownBy(() -> runtimes.start(spec)).isInstanceOf(IOException.class);
    }

    private static RecordedRun recorded(UnitId unit, @Nullable RunMark mark) {
        return new RecordedRun(unit, StartId.random(), mark, null);
    }

    /** Starts nothing, and writes down that it was to. */
    private final class Asked implements UnitRuntime {

        private final String name;

        private Asked(String name) {
            this.name = name;
        }

        @Override
        public String obstacle(UnitId unit) {
            return name;
        }

        @Override
        public Run start(LaunchSpec spec) throws IOException {
            asked.add(name + " start");
            throw new IOException("starts nothing");
        }

        @Override
        public Optional<Run> find(RecordedRun recorded) {
            asked.add(name + " find");
            return Optional.empty();
        }

        @Override
        public void sweep(RecordedRun recorded) {
            asked.add(name + " sweep");
        }

        @Override
        public void rest(UnitId unit) {
            asked.add(name + " rest");
        }

        @Override
        public boolean endsWithSupervisor(UnitId unit) {
            return name.equals("processes");
        }
    }
}
