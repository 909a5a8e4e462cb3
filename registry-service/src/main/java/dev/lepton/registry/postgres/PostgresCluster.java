package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory: made once, completely or not at all, and configured anew before each start.
 */
record PostgresCluster(PostgresHome home, PostgresBinaries binaries, PrivilegeDrop privileges) {

    static final String MAJOR = "18";

    private static final Logger log = LoggerFactory.getLogger(PostgresCluster.class);

    boolean exists() {
        return Files.exists(home.data());
    }

    void create(String password, String superuserPassword) {
        log.info("Creating the PostgreSQL data directory {}", home.data());
        Path fresh = home.folder().resolve("data.new");
        try {
            removeUnfinished(fresh);
            Files.createDirectory(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            privileges.own(fresh);
            initdb(fresh);
            write(fresh.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            offline(
                    fresh,
                    "off",
                    List.of(
                            "ALTER ROLE postgres PASSWORD '" + superuserPassword + "'",
                            "CREATE ROLE "
                                    + PostgresAccess.ROLE
                                    + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '"
                                    + password
                                    + "'",
                            "CREATE DATABASE "
                                    + PostgresAccess.DATABASE
                                    + " OWNER "
                                    + PostgresAccess.ROLE));
            sync(fresh);
            Files.move(fresh, home.data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot create the data directory " + home.data(), e);
        }
    }

    /** While no server runs. */
    void setPasswords(String password, String superuserPassword) {
        try {
            offline(
                    home.data(),
                    "on",
                    List.of(
                            "ALTER ROLE postgres PASSWORD '" + superuserPassword + "'",
                            "ALTER ROLE " + PostgresAccess.ROLE + " PASSWORD '" + password + "'"));
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot set new passwords in " + home.data(), e);
        }
    }

    /** Refuses data of another major version, which this server could not read. */
    void requireReadable() {
        Path version = home.data().resolve("PG_VERSION");
        String found;
        try {
            found = Files.readString(version).strip();
        } catch (IOException e) {
            throw PostgresRefusal.misconfigured(
                    "%s is no PostgreSQL data directory, or not ours to read (%s): move it away or restore it"
                            .formatted(home.data(), e));
        }
        if (!found.equals(MAJOR)) {
            throw PostgresRefusal.misconfigured(
                    "the data directory %s is of PostgreSQL %s, the embedded server is %s: dump it with its own version, or move it away"
                            .formatted(home.data(), found, MAJOR));
        }
    }

    void configure(int port) {
        try {
            Files.createDirectories(home.log());
            privileges.own(home.log());
            privileges.own(home.data());
            String own =
                    Files.exists(home.data().resolve("local.conf"))
                            ? "include = 'local.conf'\n"
                            : "";
            write(home.data().resolve("postgresql.conf"), configuration(port) + own);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot configure the server in " + home.data(), e);
        }
    }

    List<String> serverCommand() {
        return privileges.command(
                List.of(binaries.program("postgres"), "-D", home.data().toString()));
    }

    private void initdb(Path fresh) throws IOException {
        Commands.Ended ended =
                Commands.run(
                        privileges.command(
                                List.of(
                                        binaries.program("initdb"),
                                        "--pgdata=" + fresh,
                                        "--username=postgres",
                                        "--auth=reject",
                                        "--encoding=UTF8",
                                        "--locale=C",
                                        "--locale-provider=builtin",
                                        "--builtin-locale=C.UTF-8",
                                        "--data-checksums",
                                        "--no-sync")),
                        "");
        if (ended.exitCode() != 0) {
            throw new IOException(
                    "initdb failed with exit code " + ended.exitCode() + ": " + ended.output());
        }
    }

    /** Once for all that was written without. */
    private void sync(Path fresh) throws IOException {
        Commands.Ended ended =
                Commands.run(
                        privileges.command(
                                List.of(
                                        binaries.program("initdb"),
                                        "--sync-only",
                                        fresh.toString())),
                        "");
        if (ended.exitCode() != 0) {
            throw new IOException("initdb --sync-only failed: " + ended.output());
        }
    }

    /** Runs statements in PostgreSQL's single-user mode, which asks for no password. */
    private void offline(Path data, String fsync, List<String> statements) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(binaries.program("postgres"));
        command.addAll(
                List.of(
                        "--single",
                        "-D",
                        data.toString(),
                        "-c",
                        "exit_on_error=on",
                        "-c",
                        "log_min_error_statement=panic",
                        "-c",
                        "logging_collector=off",
                        "-c",
                        "fsync=" + fsync,
                        "postgres"));
        Commands.Ended ended =
                Commands.run(privileges.command(command), String.join("\n", statements) + "\n");
        if (ended.exitCode() != 0) {
            throw new IOException(
                    "single-user mode failed with exit code %d: %s"
                            .formatted(
                                    ended.exitCode(), ServerLog.withoutPasswords(ended.output())));
        }
    }

    private String configuration(int port) {
        return """
        # Written before each start. Settings of your own belong into local.conf beside this file.
        port = %d
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        cluster_name = '%s'
        password_encryption = 'scram-sha-256'
        max_connections = 60
        shared_buffers = '64MB'
        max_wal_size = '256MB'
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        tcp_keepalives_idle = 2
        tcp_keepalives_interval = 1
        tcp_keepalives_count = 3
        tcp_user_timeout = '4s'
        idle_in_transaction_session_timeout = '5s'
        client_connection_check_interval = '2s'
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        logging_collector = on
        log_directory = '%s'
        log_filename = '%s'
        log_file_mode = 0600
        log_rotation_size = '5MB'
        log_rotation_age = '1d'
        log_line_prefix = '%%m [%%p] %%q%%u@%%d %%a '
        log_min_duration_statement = '1s'
        log_lock_waits = on
        include_if_exists = 'local.conf'
        """
                .formatted(
                        port,
                        home.clusterName(),
                        home.log().toString().replace("'", "''"),
                        ServerLog.FILE_PATTERN);
    }

    private void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        privileges.own(file);
    }

    private static void removeUnfinished(Path fresh) throws IOException {
        if (Files.exists(fresh)) {
            log.info("Removing the unfinished data directory {}", fresh);
            Folders.delete(fresh);
        }
    }
}
