// response_mode=web_message: hands the answer to the window that asked, and to no other origin.
const answer = document.getElementById('answer').dataset;
const asker = window.opener ?? (window.parent === window ? null : window.parent);
asker?.postMessage({type: 'authorization_response', response: JSON.parse(answer.response)}, answer.origin);
