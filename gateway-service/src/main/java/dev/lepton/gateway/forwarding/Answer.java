package dev.lepton.gateway.forwarding;

import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The response that goes to the client.
 *
 * @param attempts how many units the request was offered to
 */
record Answer(Attempt attempt, HttpClientResponse response, Connection connection, int attempts) {}
