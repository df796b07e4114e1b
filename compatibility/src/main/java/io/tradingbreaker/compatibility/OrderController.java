package io.tradingbreaker.compatibility;

import java.util.concurrent.CompletionStage;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The desk over HTTP. */
@RestController
public class OrderController {

    private final TradingDesk desk;

    public OrderController(TradingDesk desk) {
        this.desk = desk;
    }

    @GetMapping("/buy/{symbol}")
    public String buy(@PathVariable String symbol) {
        return desk.buy(symbol);
    }

    @GetMapping("/buy-later/{symbol}")
    public CompletionStage<String> buyLater(@PathVariable String symbol) {
        return desk.buyLater(symbol);
    }

    @GetMapping("/quote/{symbol}")
    public String quote(@PathVariable String symbol) {
        return desk.quote(symbol);
    }
}
