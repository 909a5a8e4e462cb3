package dev.lepton.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Everything that a benchmark starts, and a folder for it. All of it ends in reverse order, also
 * when the benchmark is interrupted.
 */
public final class Stage implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::end, "end-of-stage");
    private boolean ended;

    private Stage(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public static Stage open() throws IOException {
        return new Stage(Files.createTempDirectory("lepton-benchmark-").toRealPath());
    }

    public Path folder() {
        return folder;
    }

    /** Starts a program whose output goes to a file of this name in the folder. */
    public synchronized StartedProcess start(String name, List<String> command) throws IOException {
        requireOpen();
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LEPTON_"));
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        started.push(() -> end(process));
        return new StartedProcess(name, process.toHandle(), log);
    }

    /** Closes this with the stage. */
    public synchronized <T extends AutoCloseable> T keep(T closeable) {
        requireOpen();
        started.push(closeable);
        return closeable;
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the benchmark is ending");
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private synchronized void end() {
        ended = true;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                // The others are to end all the same.
                System.err.println("while ending: " + e);
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Ended twice.
            return;
        } catch (IOException e) {
            System.err.println("left behind: " + folder + ": " + e);
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** A port of loopback that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
