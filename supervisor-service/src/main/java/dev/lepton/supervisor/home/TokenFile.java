package dev.lepton.supervisor.home;

import dev.lepton.client.rest.BearerToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The file of the token that every call between parts carries. */
public final class TokenFile {

    private static final int SECRET_BYTES = 32;

    private TokenFile() {}

    /**
     * Reads the token; makes one of 256 random bits first when the file is missing.
     *
     * @throws IllegalArgumentException when the file holds no usable token
     */
    public static BearerToken readOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            DurableFile.write(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return BearerToken.read(file);
    }
}
