package dev.lepton.supervisor.socketproxy;

import java.util.Map;

/**
 * The head of what the engine answers.
 *
 * @param headers those that are passed on
 */
record EngineAnswer(int status, Map<String, String> headers) {

    static final int OK = 200;

    EngineAnswer {
        headers = Map.copyOf(headers);
    }
}
