package dev.lepton.platform.faults;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that knows nothing of Lepton, writes down when it begins, serves and ends, and takes
 * each step no sooner than a test lets it.
 */
final class StagedUnit {

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Path folder;
    private final String service = System.getenv("LEPTON_SERVICE");
    private final String unit = System.getenv("LEPTON_UNIT_ID");

    private StagedUnit(Path folder) {
        this.folder = folder;
    }

    /**
     * @param arguments its port, and the folder that it shares with the test
     */
    public static void main(String[] arguments) throws IOException {
        new StagedUnit(Path.of(arguments[1])).run(Integer.parseInt(arguments[0]));
    }

    private void run(int port) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        note("begins");
        await("begin");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        note("serves");
    }

    private void end() {
        try {
            note("ends");
            await("end");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(String what) throws IOException {
        Files.writeString(
                Stages.life(folder, service),
                unit + " " + what + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private void await(String step) {
        while (Files.exists(Stages.hold(folder, unit, step))) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
