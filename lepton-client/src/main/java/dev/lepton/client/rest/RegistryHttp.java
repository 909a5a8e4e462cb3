package dev.lepton.client.rest;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP client for talk with the registry: HTTP/1.1, direct, no redirects, and only daemon
 * threads of the platform, so that it neither keeps a process alive nor depends on the carriers of
 * virtual threads.
 */
public final class RegistryHttp {

    private static final int IDLE_SECONDS = 10;

    private RegistryHttp() {}

    public static HttpClient client(String threadName, Duration connectTimeout) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name(threadName + "-", 1).factory());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
                .executor(threads)
                .build();
    }
}
