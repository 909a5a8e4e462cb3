import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches a Maven distribution (a zip), checks its SHA-512 and unpacks it; run by mvnw as a single source file, so that
 * nothing but the JDK is needed. The distribution appears under its final name by one rename: other runs see all of it
 * or nothing, and two that fetch at the same time do not disturb each other.
 *
 * <p>Arguments: the address, the expected SHA-512, the folder to make. Exit code 0, or 1 with a reason on stderr.
 */
public final class MavenWrapperDownloader {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration DOWNLOAD_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration AGE_OF_LEFTOVERS = Duration.ofHours(2);
    private static final String WORK_PREFIX = ".part-";
    private static final Set<String> PROGRAMS = Set.of("bin/mvn", "bin/mvnDebug", "bin/mvnyjp");

    private MavenWrapperDownloader() {}

    public static void main(String[] arguments) throws InterruptedException {
        URI address = URI.create(arguments[0]);
        String expected = arguments[1].toLowerCase(Locale.ROOT);
        Path destination = Path.of(arguments[2]);
        try {
            fetch(address, expected, destination);
        } catch (IOException | UncheckedIOException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            System.err.println("mvnw: could not fetch Maven from " + address + ": " + reason);
            System.exit(1);
        }
    }

    private static void fetch(URI address, String expected, Path destination) throws IOException, InterruptedException {
        Files.createDirectories(destination.getParent());
        deleteLeftovers(destination.getParent());
        Path work = Files.createTempDirectory(destination.getParent(), WORK_PREFIX);
        // Also runs on Ctrl-C.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(work)));

        Path archive = work.resolve("maven.zip");
        download(address, archive);
        check(archive, expected);
        Path unpacked = unpack(archive, work.resolve("maven"));
        try {
            Files.move(unpacked, destination, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isExecutable(destination.resolve("bin/mvn"))) {
                throw e;
            }
            // Another run was faster; its copy passed the same check.
        }
    }

    private static void download(URI address, Path archive) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(address).build();
            HttpResponse<Path> response =
                    client.sendAsync(request, BodyHandlers.ofFile(archive))
                            .get(DOWNLOAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode());
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("not complete after " + DOWNLOAD_TIMEOUT, e);
        } catch (IllegalArgumentException e) {
            throw new IOException("not an http or https address", e);
        }
    }

    private static void check(Path archive, String expected) throws IOException {
        String actual;
        try (InputStream in = Files.newInputStream(archive)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            actual = HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
        if (!actual.equals(expected)) {
            throw new IOException("wrong SHA-512, refused: it is " + actual + " and must be " + expected);
        }
    }

    /** Unpacks without the archive's top folder and returns {@code target}. */
    private static Path unpack(Path archive, Path target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                Path file = target.resolve(name).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive's entry '" + entry.getName() + "' leaves its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                    if (PROGRAMS.contains(name)) {
                        makeExecutable(file);
                    }
                }
            }
        }
        if (!Files.isExecutable(target.resolve("bin/mvn"))) {
            throw new IOException("the archive has no bin/mvn");
        }
        return target;
    }

    private static void makeExecutable(Path file) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        permissions.add(PosixFilePermission.GROUP_EXECUTE);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(file, permissions);
    }

    /** What runs that were killed with -9 left behind. */
    private static void deleteLeftovers(Path folder) throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(AGE_OF_LEFTOVERS));
        List<Path> old = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (entry.getFileName().toString().startsWith(WORK_PREFIX)
                        && Files.getLastModifiedTime(entry).compareTo(limit) < 0) {
                    old.add(entry);
                }
            }
        }
        old.forEach(MavenWrapperDownloader::deleteTree);
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException | UncheckedIOException e) {
            // The next fetch deletes what is left.
        }
    }
}
