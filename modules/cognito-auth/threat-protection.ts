import { CognitoRiskConfiguration } from "@cdktf/provider-aws/lib/cognito-risk-configuration";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { Construct } from "constructs";
import type { CognitoAuthConfig } from "./config";
import { senderEmail } from "./user-pool";

/**
 * Adds what Cognito does about the risks it sees, when it may do anything.
 *
 * Passwords known from breaches are refused. Suspicious sign-ins ask for the second factor, and the user is told by mail: through
 * the SES identity, as Cognito's own sender sends no such mail.
 */
export function addThreatProtection(
  scope: Construct,
  pool: CognitoUserPool,
  config: CognitoAuthConfig,
): void {
  const { sesIdentityArn } = config;
  const from = senderEmail(config);
  // `checkConfig` has seen to it that both are known where it is enforced.
  if (config.threatProtection !== "enforced" || sesIdentityArn === undefined || from === undefined) return;
  new CognitoRiskConfiguration(scope, "risks", {
    userPoolId: pool.id,
    compromisedCredentialsRiskConfiguration: {
      eventFilter: ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
      actions: { eventAction: "BLOCK" },
    },
    accountTakeoverRiskConfiguration: {
      actions: {
        lowAction: { eventAction: "NO_ACTION", notify: false },
        mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: true },
        // Whoever has no second factor is refused.
        highAction: { eventAction: "MFA_REQUIRED", notify: true },
      },
      notifyConfiguration: {
        sourceArn: sesIdentityArn,
        from,
        blockEmail: mail("We blocked a sign-in to your account"),
        mfaEmail: mail("We asked for your code at an unusual sign-in"),
        noActionEmail: mail("An unusual sign-in to your account"),
      },
    },
  });
}

/** `{login-time}`, `{city}` and `{country}` are filled in by Cognito. */
function mail(subject: string): { subject: string; textBody: string; htmlBody: string } {
  const text = `${subject}, at {login-time} from {city}, {country}. If it was not you, change your password now.`;
  return { subject, textBody: text, htmlBody: `<p>${text}</p>` };
}
