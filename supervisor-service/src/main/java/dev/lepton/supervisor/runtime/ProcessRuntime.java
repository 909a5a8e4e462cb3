package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs units as processes. Each gets a session of its own, so that neither Ctrl-C at the
 * supervisor's terminal nor the supervisor's death reaches it, and appends its output to its file
 * itself.
 *
 * <p>The session is made by {@code setsid}; where that is missing, as on macOS, by Perl; without
 * both the unit stays in the supervisor's session, and Ctrl-C reaches it as well.
 */
public final class ProcessRuntime implements UnitRuntime {

    private static final Set<String> INHERITED =
            Set.of(
                    "PATH",
                    "HOME",
                    "USER",
                    "LOGNAME",
                    "SHELL",
                    "LANG",
                    "LANGUAGE",
                    "TZ",
                    "TMPDIR",
                    "JAVA_HOME",
                    "SSL_CERT_FILE",
                    "SSL_CERT_DIR");
    private static final long POLL_MILLIS = 100;

    private final ProcessTable processes;
    private final List<String> sessionMaker;
    private final Map<String, String> inherited;
    private final ScheduledExecutorService poller;

    /**
     * @param environment the supervisor's own, of which units inherit a few variables
     * @param poller watches processes that are not our children
     */
    public ProcessRuntime(Map<String, String> environment, ScheduledExecutorService poller) {
        this.processes = ProcessTable.ofThisMachine();
        this.sessionMaker = sessionMaker(environment.getOrDefault("PATH", ""));
        this.inherited = inherited(environment);
        this.poller = poller;
    }

    @Override
    public Run start(LaunchSpec spec) throws IOException {
        List<String> command = new ArrayList<>(sessionMaker);
        command.addAll(spec.command());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(spec.workingDirectory().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(inherited);
        builder.environment().putAll(spec.environment());
        Process process = builder.start();
        return new ProcessRun(
                spec.startId(),
                mark(process),
                process.toHandle(),
                processes,
                process.onExit().thenApply(ended -> Exit.ofStatus(ended.exitValue())));
    }

    /** A process that could not be told from others later on must not be left running. */
    private ProcessMark mark(Process process) throws IOException {
        try {
            return processes.mark(process.toHandle());
        } catch (UncheckedIOException e) {
            process.destroyForcibly();
            throw new IOException("the new process cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** A process can be started at any time. */
    @Override
    public @Nullable String obstacle(UnitId unit) {
        return null;
    }

    @Override
    public Optional<Run> find(RecordedRun recorded) {
        StartId startId = recorded.startId();
        return switch (recorded.mark()) {
            case null ->
                    processes
                            .search(startId)
                            .map(handle -> found(startId, processes.mark(handle), handle));
            case ProcessMark mark ->
                    processes.find(mark, startId).map(handle -> found(startId, mark, handle));
            case ContainerMark _ -> Optional.empty();
        };
    }

    private Run found(StartId startId, ProcessMark mark, ProcessHandle handle) {
        return new ProcessRun(startId, mark, handle, processes, endOf(mark));
    }

    @Override
    public void sweep(RecordedRun recorded) {
        if (recorded.mark() instanceof ProcessMark mark && !processes.runs(mark)) {
            processes.others(mark, recorded.startId()).forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Nobody else starts processes of a unit. */
    @Override
    public void rest(UnitId unit) {}

    @Override
    public boolean endsWithSupervisor(UnitId unit) {
        return true;
    }

    /** {@code onExit} of a process that is not our child is late and takes a zombie for alive. */
    private CompletableFuture<Exit> endOf(ProcessMark mark) {
        CompletableFuture<Exit> end = new CompletableFuture<>();
        ScheduledFuture<?> poll =
                poller.scheduleWithFixedDelay(
                        () -> {
                            if (!processes.runs(mark)) {
                                end.complete(Exit.UNKNOWN);
                            }
                        },
                        POLL_MILLIS,
                        POLL_MILLIS,
                        TimeUnit.MILLISECONDS);
        return end.whenComplete((_, _) -> poll.cancel(false));
    }

    private static Map<String, String> inherited(Map<String, String> environment) {
        Map<String, String> kept = new HashMap<>();
        environment.forEach((name, value) -> {
            if (INHERITED.contains(name) || name.startsWith("LC_")) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    private static List<String> sessionMaker(String path) {
        Optional<String> setsid = onPath("setsid", path);
        if (setsid.isPresent()) {
            return List.of(setsid.get());
        }
        return onPath("perl", path)
                .map(perl ->
                        List.of(
                                perl,
                                "-MPOSIX",
                                "-e",
                                "POSIX::setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"",
                                "--"))
                .orElse(List.of());
    }

    private static Optional<String> onPath(String program, String path) {
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
