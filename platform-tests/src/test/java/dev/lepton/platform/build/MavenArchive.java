package dev.lepton.platform.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A tiny distribution of Maven whose {@code mvn} prints where it is and its arguments. */
record MavenArchive(byte[] zip) {

    static final String VERSION = "3.9.99";

    static MavenArchive working() throws IOException {
        return withEntry(
                "bin/mvn", "#!/bin/sh\necho \"fetched mvn on $JAVA_HOME\"\nprintf '[%s]' \"$@\"\n");
    }

    static MavenArchive withEntry(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            String top = "apache-maven-" + VERSION + "/";
            zip.putNextEntry(new ZipEntry(top));
            zip.putNextEntry(new ZipEntry(top + "lib/"));
            put(zip, top + "lib/a.jar", "a".repeat(100_000));
            put(zip, top + name, content);
        }
        return new MavenArchive(bytes.toByteArray());
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
    }

    String checksum() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(zip));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
