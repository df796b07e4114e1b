package io.tradingbreaker.sample.node;

import org.jspecify.annotations.Nullable;

/** The node did not answer, or only with a server error: what it was asked may have been done or not. */
public class NodeSilentException extends NodeException {

    private static final long serialVersionUID = 1L;

    public NodeSilentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
