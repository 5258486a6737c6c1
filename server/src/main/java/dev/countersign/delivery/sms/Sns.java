package dev.countersign.delivery.sms;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amazon SNS, action {@code Publish} to a phone number (query protocol of 2010-03-31), signed by {@link AwsSignature}.
 *
 * @param base empty for the region's own host
 * @param sender a sender name; may be empty
 */
record Sns(Optional<URI> base, String region, String accessKeyId, Secret secret, String sender)
    implements Provider {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "<PublishResponse\\b.{0,500}?<MessageId>([^<]{1,100})</MessageId>", Pattern.DOTALL);

  @Override
  public Name name() {
    return Name.SNS;
  }

  @Override
  public Call call(Text text, Moment now) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Action", "Publish");
    form.put("Version", "2010-03-31");
    form.put("PhoneNumber", text.to());
    form.put("Message", text.body().reveal());
    attribute(form, 1, "AWS.SNS.SMS.SMSType", "Transactional");
    if (!sender.isEmpty()) {
      attribute(form, 2, "AWS.SNS.SMS.SenderID", sender);
    }
    var uri =
        base.map(it -> it.resolve("/"))
            .orElseGet(() -> URI.create("https://sns." + region + ".amazonaws.com/"));
    return new AwsSignature(accessKeyId, secret, region, "sns").sign(Call.form(uri, form), now);
  }

  private static void attribute(Map<String, String> form, int place, String name, String value) {
    var entry = "MessageAttributes.entry." + place + ".";
    form.put(entry + "Name", name);
    form.put(entry + "Value.DataType", "String");
    form.put(entry + "Value.StringValue", value);
  }

  @Override
  public Optional<String> taken(Outcome.Answered answer) {
    var reference = REFERENCE.matcher(answer.text());
    return answer.isSuccess() && reference.find()
        ? Optional.of(reference.group(1))
        : Optional.empty();
  }
}
