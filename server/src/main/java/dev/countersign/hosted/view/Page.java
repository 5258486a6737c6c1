package dev.countersign.hosted.view;

/** A page, ready to be rendered by {@link #template()} with itself as the parameter {@code page}. */
public sealed interface Page
    permits AccountPage,
        ApprovalPage,
        ApproverPage,
        BackupCodesGonePage,
        BackupCodesPage,
        BackupCodesReadyPage,
        ChangePasswordPage,
        CheckMailPage,
        CodeChallengePage,
        CodeSetupPage,
        ConfirmPage,
        ContinuePage,
        CredentialChallengePage,
        CredentialSetupPage,
        DetailsPage,
        ElsewherePage,
        ErrorPage,
        ForgotPasswordPage,
        FormPostPage,
        HelpCallPage,
        IdentifierPage,
        LockedPage,
        LogoutPage,
        LostFactorPage,
        MfaSetupPage,
        NewPasswordPage,
        NotMePage,
        PairingPage,
        PasswordChangedPage,
        PasswordPage,
        PickerPage,
        SignedOutPage,
        TenantIndexPage,
        TicketPage,
        ThrottledPage,
        TooManyRequestsPage,
        TotpSetupPage,
        UnsentPage,
        WaitPage,
        WebMessagePage {

  Frame frame();

  /**
   * Whether its length may be seen by others: it holds no key, code or token but the one of its forms, which is masked, and
   * tells no more of the person than how they sign in. Only such a page is compressed.
   */
  default boolean isOpen() {
    return switch (this) {
      case AccountPage _,
          ApprovalPage _,
          BackupCodesPage _,
          ConfirmPage _,
          CredentialChallengePage _,
          CredentialSetupPage _,
          DetailsPage _,
          ElsewherePage _,
          FormPostPage _,
          HelpCallPage _,
          LogoutPage _,
          NewPasswordPage _,
          NotMePage _,
          PairingPage _,
          TicketPage _,
          TotpSetupPage _,
          WaitPage _,
          WebMessagePage _ ->
          false;
      case CodeChallengePage page -> page.context().approving() == null;
      case ApproverPage _,
          BackupCodesGonePage _,
          BackupCodesReadyPage _,
          ChangePasswordPage _,
          CheckMailPage _,
          CodeSetupPage _,
          ContinuePage _,
          ErrorPage _,
          ForgotPasswordPage _,
          IdentifierPage _,
          LockedPage _,
          LostFactorPage _,
          MfaSetupPage _,
          PasswordChangedPage _,
          PasswordPage _,
          PickerPage _,
          SignedOutPage _,
          TenantIndexPage _,
          ThrottledPage _,
          TooManyRequestsPage _,
          UnsentPage _ ->
          true;
    };
  }

  /** The template that draws it. */
  default String template() {
    return switch (this) {
      case AccountPage _ -> "account/account.jte";
      case ApprovalPage _ -> "hosted/approval.jte";
      case ApproverPage _ -> "hosted/approver.jte";
      case BackupCodesGonePage _ -> "hosted/backup-codes-gone.jte";
      case BackupCodesPage _ -> "hosted/backup-codes.jte";
      case BackupCodesReadyPage _ -> "hosted/backup-codes-ready.jte";
      case ChangePasswordPage _ -> "account/change-password.jte";
      case CheckMailPage _ -> "hosted/check-mail.jte";
      case CodeChallengePage _ -> "hosted/code-challenge.jte";
      case CodeSetupPage _ -> "hosted/code-setup.jte";
      case ConfirmPage _ -> "account/confirm.jte";
      case ContinuePage _ -> "hosted/continue.jte";
      case CredentialChallengePage _ -> "hosted/credential-challenge.jte";
      case CredentialSetupPage _ -> "hosted/credential-setup.jte";
      case DetailsPage _ -> "hosted/details.jte";
      case ElsewherePage _ -> "hosted/elsewhere.jte";
      case ErrorPage _ -> "hosted/error.jte";
      case ForgotPasswordPage _ -> "hosted/forgot-password.jte";
      case FormPostPage _ -> "hosted/form-post.jte";
      case HelpCallPage _ -> "hosted/help-call.jte";
      case IdentifierPage _ -> "hosted/identifier.jte";
      case LockedPage _ -> "hosted/locked.jte";
      case LogoutPage _ -> "hosted/logout.jte";
      case LostFactorPage _ -> "hosted/lost-factor.jte";
      case MfaSetupPage _ -> "hosted/mfa-setup.jte";
      case NewPasswordPage _ -> "hosted/new-password.jte";
      case NotMePage _ -> "hosted/not-me.jte";
      case PairingPage _ -> "hosted/pairing.jte";
      case PasswordChangedPage _ -> "hosted/password-changed.jte";
      case PasswordPage _ -> "hosted/password.jte";
      case PickerPage _ -> "hosted/picker.jte";
      case SignedOutPage _ -> "hosted/signed-out.jte";
      case TenantIndexPage _ -> "hosted/tenant-index.jte";
      case TicketPage _ -> "hosted/ticket.jte";
      case ThrottledPage _ -> "hosted/throttled.jte";
      case TooManyRequestsPage _ -> "hosted/too-many-requests.jte";
      case TotpSetupPage _ -> "hosted/totp-setup.jte";
      case UnsentPage _ -> "hosted/unsent.jte";
      case WaitPage _ -> "hosted/wait.jte";
      case WebMessagePage _ -> "hosted/web-message.jte";
    };
  }
}
