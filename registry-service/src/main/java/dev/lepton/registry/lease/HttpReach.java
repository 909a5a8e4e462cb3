package dev.lepton.registry.lease;

import dev.lepton.client.unit.UnitAddress;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * Asks an address over HTTP. Any answer is one, also a refusal: a connection alone is none, because
 * the kernel takes it in the name of a process that is frozen.
 */
final class HttpReach implements Reach {

    private final Duration patience;
    private final HttpClient http;

    HttpReach(Duration patience) {
        this.patience = patience;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(patience)
                        .build();
    }

    @Override
    public boolean reaches(UnitAddress address) {
        HttpRequest request =
                HttpRequest.newBuilder(address.uri().resolve("/"))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .timeout(patience)
                        .build();
        try {
            http.send(request, BodyHandlers.discarding());
            return true;
        } catch (SSLException e) {
            // Whoever fails a handshake is there.
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
