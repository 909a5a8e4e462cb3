package dev.lepton.cli.running;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.terminal.Terminal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A supervisor that this command has started, and what it has written since. */
final class SupervisorProcess {

    private static final long LOG_LIMIT_BYTES = 10L << 20;
    private static final int TAIL_BYTES = 16 << 10;
    private static final int TAIL_LINES = 20;
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final Path log;
    private final long logFrom;

    private SupervisorProcess(Process process, Path log, long logFrom) {
        this.process = process;
        this.log = log;
        this.logFrom = logFrom;
    }

    /**
     * @param detached whether it is to outlive the terminal
     */
    static SupervisorProcess start(
            Surroundings around, Home home, Path jar, Path declaration, boolean detached)
            throws IOException {
        Path log = home.supervisorLog();
        Home.createPrivate(home.logs());
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(
                    log,
                    log.resolveSibling(log.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        long from = Files.exists(log) ? Files.size(log) : 0;
        Process process =
                new ProcessBuilder(command(around, home, jar, declaration, detached))
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new SupervisorProcess(process, log, from);
    }

    private static List<String> command(
            Surroundings around, Home home, Path jar, Path declaration, boolean detached)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (detached) {
            // Where there is no setsid (macOS), the hang-up of the terminal is at least ignored.
            around.program("setsid")
                    .or(() -> around.program("nohup"))
                    .ifPresent(program -> command.add(program.toString()));
        }
        SupervisorAot aot = SupervisorAot.of(home, around.java(), JVM_OPTIONS, jar);
        command.add(around.java().toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(aot.options());
        command.addAll(
                List.of(
                        "-jar",
                        jar.toString(),
                        "--lepton.file=" + declaration,
                        "--lepton.home=" + home.folder(),
                        "--lepton.aot-cache=" + aot.cache()));
        return command;
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** The end of a supervisor that nobody asked for, with the last lines that it wrote. */
    CommandFailed died(Terminal terminal) {
        int code = process.exitValue();
        lastLines().forEach(terminal::progress);
        return new CommandFailed(
                code == 0 ? 1 : code,
                "the supervisor ended with exit code %d; its log is %s".formatted(code, log));
    }

    private List<String> lastLines() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(logFrom, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of("its log cannot be read: " + e.getMessage());
        }
    }
}
