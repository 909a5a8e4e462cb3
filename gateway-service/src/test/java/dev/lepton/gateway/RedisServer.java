package dev.lepton.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Redis that keeps nothing on disk, as a process that a test can kill. */
final class RedisServer implements AutoCloseable {

    /** Without Redis on the machine the test is skipped; in a full run it fails. */
    static final class Required implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return isInstalled() || Boolean.getBoolean("lepton.full")
                    ? ConditionEvaluationResult.enabled("a full run must not skip this test")
                    : ConditionEvaluationResult.disabled("redis-server is not installed");
        }
    }

    private static final Duration START = Duration.ofSeconds(30);

    private final int port;
    private final Path folder;
    private Process process;

    private RedisServer(int port, Path folder) {
        this.port = port;
        this.folder = folder;
        this.process = run();
    }

    static RedisServer start(Path folder) {
        if (!isInstalled()) {
            throw new IllegalStateException(
                    "a full run must not skip this test: redis-server is not installed");
        }
        return new RedisServer(freePort(), folder);
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInstalled() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "redis-server")));
    }

    int port() {
        return port;
    }

    /** Starts it again, with nothing in it. */
    void startAgain() {
        process = run();
    }

    private Process run() {
        try {
            Process started =
                    new ProcessBuilder(
                                    "redis-server",
                                    "--port",
                                    Integer.toString(port),
                                    "--bind",
                                    "127.0.0.1",
                                    "--save",
                                    "",
                                    "--appendonly",
                                    "no",
                                    "--dir",
                                    folder.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("redis.log").toFile())
                            .start();
            await().atMost(START).until(() -> answers() || !started.isAlive());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try {
            return ask("PING").equals("+PONG");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** The first line of what it answers to a command. */
    String ask(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) START.toMillis());
            socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                            .readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Leaves its connections open and answers nothing, as a host that is cut off. */
    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill " + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
