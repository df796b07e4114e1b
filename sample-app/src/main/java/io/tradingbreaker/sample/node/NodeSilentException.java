package io.tradingbreaker.sample.node;

/** No answer, a server error, or an answer to something else: what was asked may have been done or not. */
public class NodeSilentException extends NodeException {

    private static final long serialVersionUID = 1L;

    public NodeSilentException(String message) {
        super(message);
    }
}
