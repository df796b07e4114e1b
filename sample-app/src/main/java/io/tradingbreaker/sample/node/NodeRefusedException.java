package io.tradingbreaker.sample.node;

/**
 * The answer was that the request is wrong or came too often: nothing was done. Says nothing about the health of whoever
 * answered, so the breakers ignore it.
 */
public class NodeRefusedException extends NodeException {

    private static final long serialVersionUID = 1L;

    public NodeRefusedException(String message) {
        super(message);
    }
}
