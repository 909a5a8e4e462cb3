package dev.lepton.platform.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The orders that {@link OrderTaker}s have taken.
 *
 * @param folder in which each unit writes a file
 */
record OrderBook(Path folder) {

    private static final String TAKEN = ".taken";

    /**
     * The words of a declaration that run one unit.
     *
     * @param host where it listens
     */
    String command(String host) {
        return """
        ["${java}", -Xmx48m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -Dsun.net.httpserver.nodelay=true, \
        -Dsun.net.httpserver.maxIdleConnections=4096, -cp, "%s", %s, "%s", "${port}", "%s/${unit}%s"]\
        """
                .formatted(
                        Path.of(
                                OrderTaker.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath()),
                        OrderTaker.class.getName(),
                        host,
                        folder,
                        TAKEN);
    }

    /** Begins anew, while no order is under way. */
    void clear() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    /** How often each order was taken. */
    Map<String, Long> taken() throws IOException {
        return files().stream()
                .flatMap(OrderBook::lines)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(TAKEN)).toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
