package dev.lepton.cli.home;

import dev.lepton.client.rest.ProtocolJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a supervisor writes down about itself for the command line.
 *
 * @param url where it answers
 * @param bootId of the kernel's boot, null where there is no {@code /proc}
 * @param startTicks when it was started, in clock ticks since that boot
 */
public record SupervisorNote(
        long pid,
        URI url,
        @Nullable Instant startedAt,
        @Nullable String bootId,
        @Nullable Long startTicks) {

    /** How much the two clocks of a process's start may differ. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    public SupervisorNote(
            long pid,
            @Nullable URI url,
            @Nullable Instant startedAt,
            @Nullable String bootId,
            @Nullable Long startTicks) {
        if (pid < 1 || url == null || url.getHost() == null) {
            throw new IllegalArgumentException("a note needs a pid and a URL");
        }
        this.pid = pid;
        this.url = url;
        this.startedAt = startedAt;
        this.bootId = bootId;
        this.startTicks = startTicks;
    }

    /** Empty when there is none that can be read. */
    public static Optional<SupervisorNote> read(Home home) {
        try {
            return Optional.ofNullable(
                    ProtocolJson.lenient()
                            .readValue(Files.readAllBytes(home.note()), SupervisorNote.class));
        } catch (IOException | JacksonException e) {
            // A supervisor that is being started has not written it yet; one that died may have
            // left half of it. Both mean that nobody can be asked.
            return Optional.empty();
        }
    }

    /** The process that wrote this, empty when it has ended, also when its pid lives on. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheWriter);
    }

    private boolean isTheWriter(ProcessHandle process) {
        KernelStart start = KernelStart.of(process.pid());
        if (start != null && bootId != null && startTicks != null) {
            return start.equals(new KernelStart(bootId, startTicks));
        }
        // Without /proc the system keeps the start by the wall clock as it was at that time.
        Instant begun = process.info().startInstant().orElse(null);
        return begun == null || startedAt == null || !begun.isAfter(startedAt.plus(TOLERANCE));
    }
}
