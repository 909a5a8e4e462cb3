package dev.lepton.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and the certificate that it signed for itself, for this machine, in a file that a test
 * made.
 *
 * @param password of the file and of the key
 */
record KeyPairFile(Path file, String password) {

    static KeyPairFile create(Path folder, String name) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        KeyPairFile made =
                new KeyPairFile(folder.resolve(name + ".p12"), HexFormat.of().formatHex(random));
        try {
            Process keytool =
                    new ProcessBuilder(
                                    List.of(
                                            Path.of(System.getProperty("java.home"), "bin/keytool")
                                                    .toString(),
                                            "-genkeypair",
                                            "-alias",
                                            name,
                                            "-keyalg",
                                            "EC",
                                            "-validity",
                                            "2",
                                            "-dname",
                                            "CN=" + name,
                                            "-ext",
                                            "san=ip:127.0.0.1,dns:localhost",
                                            "-storetype",
                                            "PKCS12",
                                            "-keystore",
                                            made.file.toString(),
                                            "-storepass",
                                            made.password))
                            .redirectErrorStream(true)
                            .start();
            String said = new String(keytool.getInputStream().readAllBytes());
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The settings of a bundle that proves itself by this key, or that trusts its certificate. */
    List<String> settings(String bundle, String keystoreOrTruststore) {
        String prefix = "--spring.ssl.bundle.jks.%s.%s.".formatted(bundle, keystoreOrTruststore);
        return List.of(
                prefix + "location=file:" + file,
                prefix + "password=" + password,
                prefix + "type=PKCS12");
    }

    /** Trusts this certificate and no other. */
    SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyManagerFactory keys() {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(), password.toCharArray());
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    TrustManagerFactory trust() {
        try {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(load());
            return trust;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load() {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
